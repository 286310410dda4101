import type { Generated } from "kysely";

// The log, its tree and its seals.

/** One row of the log; `docs/log-format.md` says which bytes of it are hashed, and how. */
export interface EventTable {
  /** 1, 2, 3 … without a gap, in the order of commit. */
  id: number;
  level: number;
  type: string;
  action: string;
  outcome: string;
  source: string;
  created: number;
  /** When it happened, where that is not when it was recorded. */
  occurred: number | null;

  user_id: number | null;
  username: string | null;
  actor_salt: Uint8Array | null;

  ip: string | null;
  user_agent: string | null;
  endpoint: string | null;
  trace_id: string | null;
  forwarded: string | null;
  reporter_id: number | null;
  reporter: string | null;
  origin_salt: Uint8Array | null;

  target_kind: string | null;
  target_id: string | null;
  target_name: string | null;
  description: string | null;
  /** Canonical JSON, as text: a JSON column would reorder and renumber it. */
  details: string | null;
  subject_salt: Uint8Array | null;

  node: string | null;
  hostname: string | null;
  node_salt: Uint8Array | null;

  /** The four commitments, 32 bytes each: actor, origin, subject, node. */
  sealed: Uint8Array;
  leaf_hash: Uint8Array;
}

/** One row. Whoever holds its lock is the only one who can append. */
export interface LogHeadTable {
  one: number;
  last_event_id: number;
  last_created: number;
  /** The frontier of the tree: the hashes of its complete subtrees, the largest first, 32 bytes each. */
  edge: Uint8Array;
}

/** A complete subtree of 256^level leaves, the `position`-th of its level. The leaves' hashes stand in `event`. */
export interface TreeNodeTable {
  level: number;
  position: number;
  hash: Uint8Array;
}

/** A signed statement of what the log was. Ids are dense. */
export interface CheckpointTable {
  id: number;
  size: number;
  /** With its signatures: C2SP tlog-checkpoint. */
  note: string;
  signed: number;
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
