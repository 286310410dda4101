import type { Generated } from "kysely";

// What the machine notes for itself. Nobody acted, so there is no event.

export interface SessionUseTable {
  session_id: number;
  last_used: number;
}

/** Nonces of signed requests that were dated ahead; `used` is in seconds. */
export interface EarlyNonceTable {
  id: Uint8Array;
  used: number;
}

/** What a verification of the whole log found. */
export interface VerificationTable {
  id: Generated<number>;
  finished: number;
  size: number;
  /** `intact` or `damaged`. */
  integrity: string;
  /** `complete` or `incomplete`. */
  completeness: string;
  /** JSON. */
  report: string;
}

/** The last event that a worker has done its work on. */
export interface WorkerCursorTable {
  worker: string;
  event_id: number;
  leaf_hash: Uint8Array;
  moved: number;
}
