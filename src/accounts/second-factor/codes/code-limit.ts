import { type Allowance, RateLimit } from "../../../http/authentication/rate-limit.ts";
import type { Unrecorded } from "../../../http/authentication/unrecorded.ts";
import { limiterAddress } from "../../../http/request/client-address.ts";
import { Refusal } from "../../../refusal.ts";

/**
 * Wrong codes of apps for one account, from everywhere together: 6 digits would else be found in days. Only who knows the password
 * can use it up, and who is kept out by it has a passkey or recovery codes.
 */
const perAccount: Allowance = { burst: 10, refillMs: 300_000 };

/** Stands in front of every check of an app's code. In memory, as the login limiter is. */
export class CodeLimit {
  readonly #perAccount = new RateLimit(perAccount);
  readonly #unrecorded: Unrecorded;

  constructor(unrecorded: Unrecorded) {
    this.#unrecorded = unrecorded;
  }

  /**
   * Counts the attempt before it is checked. Refuses with `too_many_requests`, and counts that among the blocked logins. Gives
   * what takes it back, for a right code.
   */
  take(user: { readonly id: number; readonly username: string }, ip: string | null, nowMs: number): () => void {
    const key = String(user.id);
    const waitMs = this.#perAccount.take(key, nowMs);
    if (waitMs === 0) return () => this.#perAccount.giveBack(key);
    this.#unrecorded.count("logins", limiterAddress(ip), user.username);
    const retryAfterSeconds = Math.ceil(waitMs / 1000);
    throw new Refusal(
      "too_many_requests",
      `Too many wrong codes for this account. Use a passkey or a recovery code, or try again in ${retryAfterSeconds} seconds.`,
      { retryAfterSeconds },
    );
  }
}
