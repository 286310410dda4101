/** So long after it was drawn an id may still appear: its transaction has ended by then. */
const lateMs = 600_000;

interface Seen {
  readonly id: number;
  readonly atMs: number;
}

/** Knows up to which id nothing can come late any more. */
export class Horizon {
  readonly #importedBefore: number;
  readonly #steadyMs: () => number;
  /** The highest id at some times of the last ten minutes, ascending. */
  #seen: readonly Seen[] = [];
  #settled = 0;
  #isPastOld = false;

  /** `newest`: when the newest event was created as reading began, in microseconds: that MAAS's clock, and not this one's. */
  constructor(newest: number, steadyMs: () => number = () => performance.now()) {
    this.#importedBefore = newest - lateMs * 1_000;
    this.#steadyMs = steadyMs;
  }

  /** The highest id among the next events, in the order of their ids, that was old when reading began; 0 where none is. */
  settledAmong(rows: readonly { readonly id: number; readonly created: number }[]): number {
    if (this.#isPastOld) return 0;
    const young = rows.findIndex(({ created }) => created >= this.#importedBefore);
    this.#isPastOld = young !== -1;
    return (young === -1 ? rows.at(-1) : rows[young - 1])?.id ?? 0;
  }

  /** The id that was the highest one ten minutes ago; 0 where that isn't known. `highest` is the one that is it now. */
  settled(highest: number): number {
    const now = this.#steadyMs();
    const newest = this.#seen.at(-1);
    if (newest === undefined || newest.id < highest) this.#seen = [...this.#seen, { id: highest, atMs: now }];
    const old = this.#seen.filter(({ atMs }) => now - atMs >= lateMs);
    this.#settled = old.at(-1)?.id ?? this.#settled;
    this.#seen = this.#seen.slice(old.length);
    return this.#settled;
  }
}
