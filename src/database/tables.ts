import type { WorkerCursorTable } from "./bookkeeping-tables.ts";
import type {
  CheckpointTable,
  EventTable,
  LeafTileTable,
  LogHeadTable,
  RowMacTable,
  TreeNodeTable,
} from "./log-tables.ts";

export type { EventTable, LogHeadTable } from "./log-tables.ts";

// Every table has exactly one owner, and each kind of owner its own type of transaction. Slices add theirs, each in its own
// `tables.ts`. Times are integer
// microseconds since 1970-01-01 UTC; booleans are 0 or 1; hashes and salts are raw bytes.

/** What people change. Writable only inside `perform`, which records who, what and when. */
// Slices add to it.
// oxlint-disable-next-line typescript/no-empty-object-type
export interface DomainTables {}

/** The log. Appended to by `perform` alone; the database refuses to update or delete an event. */
export interface LogTables {
  event: EventTable;
  log_head: LogHeadTable;
  tree_node: TreeNodeTable;
  leaf_tile: LeafTileTable;
  row_mac: RowMacTable;
}

/** What the signer writes, and nobody else: the newest checkpoint may be replaced, the others stay as they are. */
export interface CheckpointTables {
  checkpoint: CheckpointTable;
}

/** What the machine notes for itself. Nobody acted, so there is no event. */
export interface BookkeepingTables {
  worker_cursor: WorkerCursorTable;
}

export interface Tables extends DomainTables, LogTables, CheckpointTables, BookkeepingTables {}
