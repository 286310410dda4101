import { hash } from "node:crypto";
import { limiterPrefix } from "../http/client-address.ts";
import { type Allowance, RateLimit } from "../http/rate-limit.ts";
import type { Unrecorded } from "../http/unrecorded.ts";
import { Refusal } from "../refusal.ts";

/** Wrong passwords from one address (IPv6: one /64), whoever they are for: an office behind one address must still work. */
const perAddress: Allowance = { burst: 30, refillMs: 10_000 };
/** Wrong passwords for one account from one address. Never per account alone: anybody could then lock out `admin`. */
const perAccountAndAddress: Allowance = { burst: 10, refillMs: 30_000 };
/** Failures written to the log, from everywhere together: a flood must not become the log's main content. */
const recorded: Allowance = { burst: 100, refillMs: 3_000 };

/** An attempt that was let through. */
export interface AdmittedAttempt {
  /** It was right after all, and doesn't count. */
  succeeded(): void;
  /** It was wrong. True if its failure is to be recorded by itself; else it is counted with the blocked ones. */
  failed(): boolean;
}

/** Stands in front of every check of a password. In memory: a restart forgets, which costs an attacker more than us. */
export class LoginLimiter {
  readonly #perAddress = new RateLimit(perAddress);
  readonly #perAccountAndAddress = new RateLimit(perAccountAndAddress);
  readonly #recorded = new RateLimit(recorded);
  readonly #unrecorded: Unrecorded;

  constructor(unrecorded: Unrecorded) {
    this.#unrecorded = unrecorded;
  }

  /** Counts the attempt before it is checked, so that many at once are no way around. Refuses with `too_many_requests`. */
  admit(ip: string | null, username: string, nowMs: number): AdmittedAttempt {
    const address = ip === null ? "unknown" : limiterPrefix(ip);
    // A name may be as long as a request: what is remembered of it is not.
    const both = hash("sha256", `${address} ${username}`, "base64");
    const wait = this.#perAddress.take(address, nowMs);
    if (wait > 0) throw this.#refuse(address, wait);
    const waitForBoth = this.#perAccountAndAddress.take(both, nowMs);
    if (waitForBoth > 0) {
      this.#perAddress.giveBack(address);
      throw this.#refuse(address, waitForBoth);
    }
    return {
      succeeded: () => {
        this.#perAddress.giveBack(address);
        this.#perAccountAndAddress.giveBack(both);
      },
      failed: () => {
        if (this.#recorded.take("all", nowMs) === 0) return true;
        this.#unrecorded.count("logins", address);
        return false;
      },
    };
  }

  #refuse(address: string, waitMs: number): Refusal {
    this.#unrecorded.count("logins", address);
    const retryAfterSeconds = Math.ceil(waitMs / 1000);
    return new Refusal(
      "too_many_requests",
      `Too many failed logins from this address. Try again in ${retryAfterSeconds} seconds.`,
      { retryAfterSeconds },
    );
  }
}
