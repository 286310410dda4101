/** A number of things that may happen at once, and how fast they come back. */
export interface Allowance {
  readonly burst: number;
  /** One more after so long. */
  readonly refillMs: number;
}

/** More keys than that are not remembered one by one: the fullest buckets are forgotten first, which costs nothing. */
const keysMax = 50_000;

/**
 * Token buckets by key, in memory.
 *
 * A key that nobody has used for a while has a full bucket, and takes no room.
 */
export class RateLimit {
  readonly #allowance: Allowance;
  /** Credit in milliseconds of refilling: of whole numbers sums are exact. */
  readonly #buckets = new Map<string, { credit: number; at: number }>();

  constructor(allowance: Allowance) {
    this.#allowance = allowance;
  }

  /** Takes one and returns 0, or takes nothing and returns in how many milliseconds there will be one. */
  take(key: string, nowMs: number): number {
    const bucket = this.#current(key, nowMs);
    const { refillMs } = this.#allowance;
    if (bucket.credit < refillMs) return Math.ceil(refillMs - bucket.credit);
    bucket.credit -= refillMs;
    // Deleted first, so that the map's order is that of the last use.
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > keysMax) this.#forget();
    return 0;
  }

  /** Puts one back: what was taken turned out to be harmless. */
  giveBack(key: string): void {
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) return;
    bucket.credit = Math.min(this.#full, bucket.credit + this.#allowance.refillMs);
    if (bucket.credit >= this.#full) this.#buckets.delete(key);
  }

  get #full(): number {
    return this.#allowance.burst * this.#allowance.refillMs;
  }

  #current(key: string, nowMs: number): { credit: number; at: number } {
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) return { credit: this.#full, at: nowMs };
    return { credit: Math.min(this.#full, bucket.credit + Math.max(0, nowMs - bucket.at)), at: nowMs };
  }

  #forget(): void {
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}
