import { quoted } from "./postgres-session.ts";
import type { BookkeepingTables, DomainTables, CheckpointTables } from "../tables.ts";

// What the role that serves needs, and no more: it can't change or delete an event, drop a trigger, or alter a table. The
// owner of the tables can, and so should not be the role that serves.

type AppendedTables = Pick<DomainTables, "log_identity" | "log_move">;

const domainTables: { readonly [Table in Exclude<keyof DomainTables, keyof AppendedTables>]: true } = {
  user: true,
  session: true,
  session_ended_by_password: true,
  token: true,
  deleted_token: true,
  report: true,
  setting: true,
  ssh_key: true,
  ssl_key: true,
  zone: true,
  pool: true,
  domain: true,
  node: true,
  node_mac: true,
  deleted_node: true,
  tag: true,
  node_tag: true,
  script: true,
  script_revision: true,
};
const bookkeepingTables: { readonly [Table in keyof BookkeepingTables]: true } = {
  session_use: true,
  early_nonce: true,
  verification: true,
  worker_cursor: true,
};
/** Tables whose rows stay as they were written. */
const appendedTables: { readonly [Table in keyof AppendedTables | "event" | "tree_node"]: true } = {
  event: true,
  tree_node: true,
  log_identity: true,
  log_move: true,
};
const checkpointTables: { readonly [Table in keyof CheckpointTables]: true } = { checkpoint: true };

/** The statements that let `role` serve on the tables in `schema`. */
export function grantsFor(role: string, schema: string): readonly string[] {
  const [name, place] = [quoted(role), quoted(schema)];
  const list = (tables: object): string => Object.keys(tables).map(quoted).join(", ");
  return [
    `grant usage on schema ${place} to ${name}`,
    `grant select on all tables in schema ${place} to ${name}`,
    `grant insert, update, delete on ${list(domainTables)}, ${list(bookkeepingTables)} to ${name}`,
    `grant insert, update on ${list(checkpointTables)} to ${name}`,
    `grant insert on ${list(appendedTables)} to ${name}`,
    // An earlier version has granted more.
    `revoke update, delete on ${list(appendedTables)} from ${name}`,
    `grant update on log_head to ${name}`,
    `grant insert, delete on nonce to ${name}`,
    `grant insert on nonce_start to ${name}`,
    `grant insert, update on worker_lease to ${name}`,
    `grant usage on all sequences in schema ${place} to ${name}`,
    // Every start looks whether the tables are up to date, under this lock.
    `grant update on kysely_migration_lock to ${name}`,
  ];
}
