import { type Allowance, RateLimit } from "../../../http/authentication/rate-limit.ts";
import { Refusal } from "../../../refusal.ts";

/**
 * Wrong codes of apps for one account, from everywhere together: 6 digits would else be found in days. Only who knows the password
 * can use it up, and who is kept out by it has a passkey or recovery codes.
 */
const perAccount: Allowance = { burst: 10, refillMs: 300_000 };

/** Stands in front of every check of an app's code. In memory, as the login limiter is. */
export class CodeLimit {
  readonly #perAccount = new RateLimit(perAccount);

  /** Counts the attempt before it is checked. Refuses with `too_many_requests`. Gives what takes it back, for a right code. */
  take(userId: number, nowMs: number): () => void {
    const key = String(userId);
    const waitMs = this.#perAccount.take(key, nowMs);
    if (waitMs === 0) return () => this.#perAccount.giveBack(key);
    const retryAfterSeconds = Math.ceil(waitMs / 1000);
    throw new Refusal(
      "too_many_requests",
      `Too many wrong codes for this account. Use a passkey or a recovery code, or try again in ${retryAfterSeconds} seconds.`,
      { retryAfterSeconds },
    );
  }
}
