import { Refusal } from "../../refusal.ts";

/** Lets one in at a time, in the order in which they came. */
export class Mutex {
  #last: Promise<void> = Promise.resolve();
  #isClosed = false;

  /** Waits for its turn; the returned function ends it. Refuses with `stopping` once it is closed. */
  async acquire(): Promise<() => void> {
    const turn = Promise.withResolvers<void>();
    const before = this.#last;
    this.#last = turn.promise;
    await before;
    if (this.#isClosed) {
      turn.resolve();
      throw new Refusal("stopping", "Ironlog is stopping. Nothing was changed.");
    }
    return turn.resolve;
  }

  /** Waits for whoever came before, and lets nobody in any more. */
  async close(): Promise<void> {
    const release = await this.acquire();
    this.#isClosed = true;
    release();
  }
}
