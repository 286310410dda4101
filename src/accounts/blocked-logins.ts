import type { Actor } from "../audit/actor.ts";
import { perform } from "../audit/perform.ts";
import type { Database } from "../database/database.ts";
import type { LoginLimiter } from "./login-limiter.ts";
import { recordBlockedLogins } from "./session-actions.ts";

const reportIntervalMs = 60_000;

/** Records once a minute, and at the end, what the limiter has turned away. */
export class BlockedLoginReporter implements AsyncDisposable {
  readonly #db: Database;
  readonly #limiter: LoginLimiter;
  readonly #machine: Actor;
  readonly #log: { error(details: object, sentence: string): void };
  readonly #timer: NodeJS.Timeout;

  constructor(
    db: Database,
    limiter: LoginLimiter,
    machine: Actor,
    log: { error(details: object, sentence: string): void },
  ) {
    this.#db = db;
    this.#limiter = limiter;
    this.#machine = machine;
    this.#log = log;
    this.#timer = setInterval(() => void this.report(), reportIntervalMs).unref();
  }

  async report(): Promise<void> {
    const blocked = this.#limiter.takeBlocked();
    if (blocked === undefined) return;
    try {
      await perform(this.#db, this.#machine, recordBlockedLogins, blocked);
    } catch (error) {
      // The count is not lost: it goes on from there.
      this.#limiter.putBack(blocked);
      this.#log.error({ err: error }, "could not record the blocked logins");
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.report();
  }
}
