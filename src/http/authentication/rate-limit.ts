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
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(allowance: Allowance) {
    this.#allowance = allowance;
  }

  /** Takes one and returns 0, or takes nothing and returns in how many milliseconds there will be one. */
  take(key: string, nowMs: number): number {
    const bucket = this.#current(key, nowMs);
    if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) * this.#allowance.refillMs);
    bucket.tokens -= 1;
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
    bucket.tokens = Math.min(this.#allowance.burst, bucket.tokens + 1);
    if (bucket.tokens >= this.#allowance.burst) this.#buckets.delete(key);
  }

  #current(key: string, nowMs: number): { tokens: number; at: number } {
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) return { tokens: this.#allowance.burst, at: nowMs };
    const refilled = Math.max(0, nowMs - bucket.at) / this.#allowance.refillMs;
    return { tokens: Math.min(this.#allowance.burst, bucket.tokens + refilled), at: nowMs };
  }

  #forget(): void {
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}
