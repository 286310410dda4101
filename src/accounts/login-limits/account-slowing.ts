import { type Allowance, RateLimit } from "../../http/authentication/rate-limit.ts";
import { Refusal } from "../../refusal.ts";

/** Wrong passwords for one account, from everywhere together, before the next attempts have to wait. */
const perAccount: Allowance = { burst: 50, refillMs: 10_000 };
/** One more attempt that waits for the same account makes the next wait by so much longer … */
const stepMs = 200;
/** … up to this. Also the right password waits no longer. */
const delayMsMax = 5_000;
/** Attempts that may wait at once, for all accounts together: each is a request that is kept open. */
const waitingMax = 2_000;

/**
 * Slows down attempts at an account that many wrong passwords were tried for. It only slows: if it locked, anybody could lock
 * out `admin`. A name is slowed whether or not it is an account's.
 */
export class AccountSlowing {
  readonly #failures = new RateLimit(perAccount);
  /** How many attempts wait, by account. */
  readonly #waiting = new Map<string, number>();
  #waitingInAll = 0;

  /** Counts the attempt. Gives undefined where it has to wait first. */
  take(account: string, nowMs: number): { giveBack(): void } | undefined {
    if (this.#failures.take(account, nowMs) > 0) return undefined;
    return { giveBack: () => this.#failures.giveBack(account) };
  }

  /** Waits for a bounded time, the longer the more attempts wait for the same account. Refuses (`queue_full`) a flood. */
  async wait(account: string): Promise<void> {
    if (this.#waitingInAll >= waitingMax) {
      throw new Refusal("queue_full", "Too many logins are waiting: try again in a moment.", {
        retryAfterSeconds: Math.ceil(delayMsMax / 1000),
      });
    }
    const waiting = (this.#waiting.get(account) ?? 0) + 1;
    this.#waiting.set(account, waiting);
    this.#waitingInAll += 1;
    try {
      const { promise, resolve } = Promise.withResolvers<void>();
      setTimeout(resolve, Math.min(delayMsMax, waiting * stepMs));
      await promise;
    } finally {
      this.#waitingInAll -= 1;
      const left = (this.#waiting.get(account) ?? 1) - 1;
      if (left === 0) this.#waiting.delete(account);
      else this.#waiting.set(account, left);
    }
  }
}
