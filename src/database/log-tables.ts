import type { EventContents, PersonalGroup } from "../verifiable-log/event-fields.ts";
// The log, its tree and its checkpoints.

/** One row of the log; `docs/log-format.md` says which bytes of it are hashed, and how. */
export type EventTable = { -readonly [Name in keyof EventContents]: EventContents[Name] } & {
  [Group in PersonalGroup as `${Group}_salt`]: Uint8Array | null;
} & {
  /** The four commitments, 32 bytes each: actor, origin, subject, node. */
  sealed: Uint8Array;
  leaf_hash: Uint8Array;
};

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
