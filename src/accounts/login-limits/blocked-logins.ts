import type { Actor } from "../../audit/actor.ts";
import { perform } from "../../audit/perform.ts";
import type { Database } from "../../database/database.ts";
import type { Unrecorded } from "../../http/authentication/unrecorded.ts";
import { recordBlockedLogins } from "../sessions/session-actions.ts";

const reportIntervalMs = 60_000;

/** Records once a minute, and at the end, how many failures were not recorded one by one. */
export class BlockedLoginReporter implements AsyncDisposable {
  readonly #db: Database;
  readonly #unrecorded: Unrecorded;
  readonly #machine: Actor;
  readonly #log: { error(details: object, sentence: string): void };
  readonly #timer: NodeJS.Timeout;

  constructor(
    db: Database,
    unrecorded: Unrecorded,
    machine: Actor,
    log: { error(details: object, sentence: string): void },
  ) {
    this.#db = db;
    this.#unrecorded = unrecorded;
    this.#machine = machine;
    this.#log = log;
    this.#timer = setInterval(() => void this.report(), reportIntervalMs).unref();
  }

  async report(): Promise<void> {
    const blocked = this.#unrecorded.take();
    if (blocked === undefined) return;
    try {
      await perform(this.#db, this.#machine, recordBlockedLogins, blocked);
    } catch (error) {
      // The count is not lost: it goes on from there.
      this.#unrecorded.putBack(blocked);
      this.#log.error({ err: error }, "could not record the blocked logins");
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.report();
  }
}
