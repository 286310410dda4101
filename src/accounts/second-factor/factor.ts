/** What a user can prove beside the password. Times are microseconds since 1970 UTC. */
export interface Factor {
  readonly kind: "totp" | "passkey";
  readonly id: number;
  /** Names it outside of the database. */
  readonly uuid: string;
  readonly name: string;
  readonly created: number;
  readonly lastUsed: number | null;
}

/** A factor that was given and is right. */
export interface UsedFactor {
  readonly kind: Factor["kind"] | "recovery_code";
  /** Of its row. */
  readonly id: number;
  /** Empty for a recovery code. */
  readonly name: string;
}

/** What became of the second factor of an attempt to log in. Nothing stands for an account that needs none. */
export type FactorOutcome = UsedFactor | "asked" | "wrong";

/** How many factors one user may have. */
export const factorsMax = 10;
