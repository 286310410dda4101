import type { EventTable } from "./tables.ts";

/** The columns of `event`, in the order in which rows are written. */
export const eventColumns = [
  "id",
  "level",
  "type",
  "action",
  "outcome",
  "source",
  "created",
  "occurred",
  "user_id",
  "username",
  "actor_salt",
  "ip",
  "user_agent",
  "endpoint",
  "trace_id",
  "forwarded",
  "reporter_id",
  "reporter",
  "origin_salt",
  "target_kind",
  "target_id",
  "target_name",
  "description",
  "details",
  "subject_salt",
  "node",
  "hostname",
  "node_salt",
  "sealed",
  "leaf_hash",
] as const satisfies readonly (keyof EventTable)[];

/** What an event keeps for ever. The other columns are personal, and may be erased with the salt of their group. */
const lastingColumns: readonly string[] = [
  "id",
  "level",
  "type",
  "action",
  "outcome",
  "source",
  "created",
  "occurred",
  "sealed",
  "leaf_hash",
];

export const erasableColumns: readonly string[] = eventColumns.filter((column) => !lastingColumns.includes(column));
