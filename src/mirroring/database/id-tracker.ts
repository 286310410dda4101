import { mergeRuns, type Run, without } from "../ledger/run.ts";

/** A run of ids that haven't come, and the transactions that may still bring them. */
export interface OpenGap extends Run {
  readonly holders: ReadonlySet<string>;
}

/** What a poll has seen. */
export interface Seen {
  /** The ids of its rows, ascending: those in open gaps, and those above the highest one. */
  readonly ids: readonly number[];
  /** Up to which id it has looked; undefined where it has seen all that there is. */
  readonly lookedTo?: number;
  /** The transactions that could write, taken after the rows were read. */
  readonly writing: ReadonlySet<string>;
}

/**
 * Follows the ids of a table that become visible out of order, and misses none of them.
 *
 * A transaction draws an id before it commits, and may take it along when it is rolled back. So an id that is missing is a gap until
 * every transaction that was writing when the gap was seen has ended and one more poll hasn't found the row. An id that a
 * transaction draws must have been drawn while it held the table's lock: who takes the lock later can't fill an earlier gap.
 */
export class IdTracker {
  #highest: number;
  #gaps: readonly OpenGap[] = [];

  /** `settledTo`: every id up to it has come or never will. */
  constructor(settledTo: number) {
    this.#highest = settledTo;
  }

  /** The highest id that was seen. */
  get highest(): number {
    return this.#highest;
  }

  get gaps(): readonly OpenGap[] {
    return this.#gaps;
  }

  /** Every id up to this one has come or never will. */
  get settledTo(): number {
    const [oldest] = this.#gaps;
    return oldest === undefined ? this.#highest : oldest.first - 1;
  }

  /** Takes what a poll has seen; gives the ids that will never come. */
  take({ ids, lookedTo = Infinity, writing }: Seen): readonly Run[] {
    const before = this.#highest;
    const fresh = ids.filter((id) => id > before);
    const arrived = ids.filter((id) => id <= before);
    const open: OpenGap[] = [];
    const closed: Run[] = [];
    for (const gap of this.#gaps) {
      for (const rest of without(gap, arrived)) {
        if (rest.first > lookedTo) open.push({ ...rest, holders: gap.holders });
        // Half of it was looked at: the next poll tells of all.
        else if (rest.last > lookedTo) open.push({ ...rest, holders: gap.holders });
        else if (gap.holders.size === 0) closed.push(rest);
        else open.push({ ...rest, holders: new Set([...gap.holders].filter((holder) => writing.has(holder))) });
      }
    }
    let next = before + 1;
    for (const id of fresh) {
      if (id > next) open.push({ first: next, last: id - 1, holders: writing });
      next = id + 1;
    }
    this.#highest = next - 1;
    this.#gaps = open;
    return mergeRuns(closed);
  }
}
