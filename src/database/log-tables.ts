import type { EventContents, EventGroup } from "../verifiable-log/event-fields.ts";
// The log, its tree and its checkpoints.

/** One row of the log; `docs/log-format.md` says which bytes of it are hashed, and how. */
export type EventTable = { -readonly [Name in keyof EventContents]: EventContents[Name] } & {
  [Of in EventGroup as `${Of}_salt`]: Uint8Array | null;
} & {
  /** Those of the groups, 32 bytes each, in their order. */
  commitments: Uint8Array;
  leaf_hash: Uint8Array;
  /** `ip` as 16 bytes, IPv4 mapped into IPv6: what sorts and compares as addresses do. Null where it is none. */
  ip_bytes: Uint8Array | null;
};

/** One row. Whoever holds its lock is the only one who can append. */
export interface LogHeadTable {
  one: number;
  last_event_id: number;
  last_created: number;
  /** The frontier of the tree: the hashes of its complete subtrees, the largest first, 32 bytes each. */
  frontier: Uint8Array;
  /** Of the append key, and what it says of the head; null before the first event. */
  key_id: string | null;
  mac: Uint8Array | null;
  /** What it vouches for of the newest rows of trusted tables; null before the first event. */
  newest_mac: Uint8Array | null;
}

/** A complete subtree of 256^level leaves, the `position`-th of its level. The leaves' hashes stand in `event`. */
export interface TreeNodeTable {
  level: number;
  position: number;
  hash: Uint8Array;
}

/** What authenticates a row of an audited table. */
export interface RowMacTable {
  table_name: string;
  /** The values of its key, with a slash between them. */
  key: string;
  /** The event that stated it last. */
  event_id: number;
  /** 16 bytes, drawn when the row was born. */
  salt: Uint8Array;
  key_id: string;
  mac: Uint8Array;
}

/** The hashes of the leaves from 256 × `position` on, 256 of them, 32 bytes each. */
export interface LeafTileTable {
  position: number;
  hashes: Uint8Array;
}

/** A signed statement of what the log was. Ids are dense. */
export interface CheckpointTable {
  id: number;
  size: number;
  /** With its signatures: C2SP tlog-checkpoint. */
  note: string;
  signed: number;
}
