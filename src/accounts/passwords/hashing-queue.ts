import { Refusal } from "../../refusal.ts";

export interface HashingQueueLimits {
  /** How much work runs at once. */
  readonly concurrency: number;
  /** How much more may wait for it. */
  readonly waitingMax: number;
  /** How many more places are kept for callers that are known, and how many of them one caller may hold. */
  readonly keptMax?: number;
  readonly keptPerCallerMax?: number;
}

/** A full queue of 64 password hashes is worked off in about this time on a small machine. */
const retryAfterSeconds = 2;

/**
 * Lets a bounded amount of heavy work run at once, and a bounded amount wait, first come first served.
 *
 * Known callers have places of their own, and every second turn, so that a crowd of strangers can't keep them out.
 */
export class HashingQueue {
  readonly #limits: Required<HashingQueueLimits>;
  readonly #waiting: (() => void)[] = [];
  readonly #kept: { readonly caller: string; readonly begin: () => void }[] = [];
  #running = 0;
  #isKeptNext = true;

  constructor(limits: HashingQueueLimits) {
    this.#limits = { keptMax: 0, keptPerCallerMax: 0, ...limits };
  }

  /**
   * What `work` gives, once it was its turn; its failure is the caller's and does not stop the queue. Refuses
   * (`queue_full`, with the time when it is worth asking again) at once where too many are waiting already.
   *
   * `knownCaller` names a caller for whom places are kept.
   */
  async run<Result>(work: () => Promise<Result>, knownCaller?: string): Promise<Result> {
    await this.#turn(knownCaller);
    try {
      return await work();
    } finally {
      this.#passOn();
    }
  }

  async #turn(knownCaller: string | undefined): Promise<void> {
    if (this.#running < this.#limits.concurrency) {
      this.#running += 1;
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    if (knownCaller !== undefined && this.#hasKeptPlace(knownCaller)) {
      this.#kept.push({ caller: knownCaller, begin: resolve });
    } else if (this.#waiting.length < this.#limits.waitingMax) {
      this.#waiting.push(resolve);
    } else {
      throw new Refusal("queue_full", "The server is busy checking passwords: try again in a moment.", {
        retryAfterSeconds,
      });
    }
    await promise;
  }

  #hasKeptPlace(knownCaller: string): boolean {
    const { keptMax, keptPerCallerMax } = this.#limits;
    const own = this.#kept.filter(({ caller }) => caller === knownCaller).length;
    return this.#kept.length < keptMax && own < keptPerCallerMax;
  }

  /** Hands this turn to the first that waits, so that nobody who comes in between can take it. */
  #passOn(): void {
    const next = this.#isKeptNext
      ? (this.#kept.shift()?.begin ?? this.#waiting.shift())
      : (this.#waiting.shift() ?? this.#kept.shift()?.begin);
    this.#isKeptNext = !this.#isKeptNext;
    if (next === undefined) this.#running -= 1;
    else next();
  }
}
