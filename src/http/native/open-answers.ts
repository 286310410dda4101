import { Refusal } from "../../refusal.ts";

/** Counts the answers that are being sent for a long time, so that nobody takes all there is. */
export class OpenAnswers {
  readonly #what: string;
  readonly #limits: { readonly perUserMax: number; readonly max: number };
  readonly #byUser = new Map<number, number>();
  #count = 0;

  /** `what` is what they are called, in the plural. */
  constructor(what: string, limits: { readonly perUserMax: number; readonly max: number }) {
    this.#what = what;
    this.#limits = limits;
  }

  /** Refuses one more with `too_many_requests` where the user has enough, with `queue_full` where all have. */
  refuseIfFull(userId: number): void {
    const { perUserMax, max } = this.#limits;
    if ((this.#byUser.get(userId) ?? 0) >= perUserMax) {
      throw new Refusal("too_many_requests", `You have ${perUserMax} open ${this.#what}: close one of them first.`, {
        retryAfterSeconds,
      });
    }
    if (this.#count >= max) {
      throw new Refusal("queue_full", `There are ${max} open ${this.#what}: try again later.`, { retryAfterSeconds });
    }
  }

  /** Counts one more until the signal is aborted. */
  count(userId: number, gone: AbortSignal): void {
    this.#add(userId, 1);
    gone.addEventListener("abort", () => this.#add(userId, -1), { once: true });
  }

  #add(userId: number, change: 1 | -1): void {
    this.#count += change;
    const ofUser = (this.#byUser.get(userId) ?? 0) + change;
    if (ofUser === 0) this.#byUser.delete(userId);
    else this.#byUser.set(userId, ofUser);
  }
}

/** Nobody knows when one will be closed: soon enough to be of use, not so soon as to be a burden. */
const retryAfterSeconds = 10;
