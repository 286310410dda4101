/** The nonces that all servers on one database have seen. */
export interface SharedNonces extends AsyncDisposable {
  /**
   * Uses a nonce up for all servers: `new`, or `used` by somebody, or `forgotten` where a crash of the database has lost the
   * nonces of that time, so that nobody can say. Throws what the database throws.
   */
  use(nonce: UsedNonce): Promise<"new" | "used" | "forgotten">;
}

export interface UsedNonce {
  /** A hash of the API key and the nonce. */
  readonly id: Uint8Array;
  /** When the request says that it was signed. */
  readonly timestampSeconds: number;
  readonly nowSeconds: number;
}

/**
 * As long as a timestamp that was accepted can stay acceptable: one that is 300 s ahead when it comes is good until it
 * is 300 s old. A nonce forgotten sooner could be replayed.
 */
export const nonceRememberSeconds = 600;

/** Rows that are forgotten at a time. */
export const noncesForgottenMax = 20_000;
