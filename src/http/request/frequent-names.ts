/** A name and how often it was met. */
export interface NamedCount {
  readonly name: string;
  readonly attempts: number;
}

/** The names that were met most, and how many others there were. */
export interface Frequent {
  readonly most: readonly NamedCount[];
  readonly others: number;
}

/** Names that are told, with their numbers. */
const namedMax = 20;
/** Names that are counted one by one. Some 100 bytes each. */
const keptMax = 5_000;

/**
 * Counts names, in bounded memory. Beyond 5,000 names it is the algorithm of Misra and Gries: a name that makes up more than
 * one in 5,000 of all is always among those kept; its number may then be too small by that much, and `others` too large.
 */
export class FrequentNames {
  readonly #counts = new Map<string, number>();
  #forgotten = 0;

  add(name: string): void {
    const known = this.#counts.get(name);
    if (known !== undefined || this.#counts.size < keptMax) {
      this.#counts.set(name, (known ?? 0) + 1);
      return;
    }
    this.#forgotten += 1;
    for (const [kept, count] of this.#counts) {
      if (count > 1) this.#counts.set(kept, count - 1);
      else {
        this.#counts.delete(kept);
        this.#forgotten += 1;
      }
    }
  }

  /** The most frequent ones, those met first before others of the same number. */
  read(): Frequent {
    const sorted = [...this.#counts].toSorted(([, one], [, other]) => other - one);
    return {
      most: sorted.slice(0, namedMax).map(([name, attempts]) => ({ name, attempts })),
      others: Math.max(0, sorted.length - namedMax) + this.#forgotten,
    };
  }

  /** Counts again what `read` gave. */
  putBack({ most, others }: Frequent): void {
    // Also where there is no room: these are few, and matter most.
    for (const { name, attempts } of most) this.#counts.set(name, (this.#counts.get(name) ?? 0) + attempts);
    this.#forgotten += others;
  }
}
