import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { nonceRememberSeconds } from "../../database/nonces.ts";
import { Refusal } from "../../refusal.ts";

export interface NonceMemoryLimits {
  /** How many nonces are held at once, in entries of some 200 bytes. */
  readonly capacity: number;
  /** How many of them may be one API key's, so that a busy client cannot shut out the others: a quarter by default. */
  readonly capacityPerKey?: number;
  /** How long a nonce is remembered: `nonceRememberSeconds` by default. */
  readonly rememberSeconds?: number;
}

interface UsedNonce {
  readonly key: string;
  readonly usedAtSeconds: number;
}

/**
 * The OAuth nonces used lately by each API key, in memory, bounded. Nothing is forgotten before its time: when full it
 * refuses rather than let an old request be replayed. A restart forgets all of it: requests of before must then be refused.
 */
export class NonceMemory {
  readonly #capacity: number;
  readonly #capacityPerKey: number;
  readonly #rememberSeconds: number;
  /** Oldest use first. Keyed by a hash, so that long nonces take no more room. */
  readonly #used = new Map<string, UsedNonce>();
  readonly #countByKey = new Map<string, number>();

  constructor({
    capacity,
    capacityPerKey = Math.ceil(capacity / 4),
    rememberSeconds = nonceRememberSeconds,
  }: NonceMemoryLimits) {
    assert(capacity >= 1 && capacityPerKey >= 1, "a nonce memory holds something");
    this.#capacity = capacity;
    this.#capacityPerKey = capacityPerKey;
    this.#rememberSeconds = rememberSeconds;
  }

  /**
   * Uses a nonce up: true if it was new for this consumer and token, false if it was used in the last
   * `rememberSeconds`. To be called once the signature is known to be good, so that strangers cannot fill the memory.
   * Refuses with `too_many_requests` where this API key has used its share, `queue_full` where the memory is full,
   * both with the soonest that there may be room; the nonce is not used up then. Amortised O(1).
   */
  use(consumerKey: string, tokenKey: string, nonce: string, nowSeconds: number): boolean {
    this.#forgetExpired(nowSeconds);
    const key = digest(consumerKey, tokenKey);
    const id = digest(key, nonce);
    const earlier = this.#used.get(id);
    if (earlier !== undefined && !this.#isExpired(earlier, nowSeconds)) return false;
    if (earlier !== undefined) this.#forget(id, earlier);
    this.#refuseIfFull(key, nowSeconds);
    this.#used.set(id, { key, usedAtSeconds: nowSeconds });
    this.#countByKey.set(key, (this.#countByKey.get(key) ?? 0) + 1);
    return true;
  }

  /** How many nonces are held, expired ones included until the next use. */
  get size(): number {
    return this.#used.size;
  }

  #forgetExpired(nowSeconds: number): void {
    for (const [id, used] of this.#used) {
      // A clock set back can leave expired ones behind this one: they go when it does.
      if (!this.#isExpired(used, nowSeconds)) return;
      this.#forget(id, used);
    }
  }

  #isExpired(used: UsedNonce, nowSeconds: number): boolean {
    return nowSeconds - used.usedAtSeconds > this.#rememberSeconds;
  }

  #forget(id: string, used: UsedNonce): void {
    this.#used.delete(id);
    const left = (this.#countByKey.get(used.key) ?? 0) - 1;
    if (left > 0) this.#countByKey.set(used.key, left);
    else this.#countByKey.delete(used.key);
  }

  #refuseIfFull(key: string, nowSeconds: number): void {
    const isKeyFull = (this.#countByKey.get(key) ?? 0) >= this.#capacityPerKey;
    if (!isKeyFull && this.#used.size < this.#capacity) return;
    const [oldest] = this.#used.values();
    assert(oldest !== undefined, "what is full holds something");
    const retryAfterSeconds = Math.max(1, Math.ceil(oldest.usedAtSeconds + this.#rememberSeconds - nowSeconds));
    if (isKeyFull) {
      throw new Refusal("too_many_requests", "This API key sends too many requests.", { retryAfterSeconds });
    }
    throw new Refusal("queue_full", "The server is handling too many signed requests.", { retryAfterSeconds });
  }
}

/** A nonce of an API key, of 32 bytes, however long they are. */
export function nonceId(consumerKey: string, tokenKey: string, nonce: string): Buffer {
  return hash("sha256", JSON.stringify([consumerKey, tokenKey, nonce]), "buffer");
}

function digest(...parts: readonly string[]): string {
  return hash("sha256", JSON.stringify(parts), "base64");
}
