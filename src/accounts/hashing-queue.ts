import { Refusal } from "../refusal.ts";

export interface HashingQueueLimits {
  /** How much work runs at once. */
  readonly concurrency: number;
  /** How much more may wait for it. */
  readonly waitingMax: number;
}

/** A full queue of 64 password hashes is worked off in about this time on a small machine. */
const retryAfterSeconds = 2;

/** Lets a bounded amount of heavy work run at once, and a bounded amount wait, first come first served. */
export class HashingQueue {
  readonly #concurrency: number;
  readonly #waitingMax: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor({ concurrency, waitingMax }: HashingQueueLimits) {
    this.#concurrency = concurrency;
    this.#waitingMax = waitingMax;
  }

  /**
   * What `work` gives, once it was its turn; its failure is the caller's and does not stop the queue. Refuses
   * (`unavailable`, with the time when it is worth asking again) at once where too many are waiting already.
   */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.#turn();
    try {
      return await work();
    } finally {
      this.#passOn();
    }
  }

  async #turn(): Promise<void> {
    if (this.#running < this.#concurrency) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= this.#waitingMax) {
      throw new Refusal("unavailable", "The server is busy checking passwords: try again in a moment.", {
        retryAfterSeconds,
      });
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Hands this turn to the first that waits, so that nobody who comes in between can take it. */
  #passOn(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }
}
