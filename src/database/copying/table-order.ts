import type { Tables } from "../tables.ts";

/** How the rows of a table are told apart: what they are read and written in the order of. */
export interface TableOrder {
  readonly keys: readonly string[];
  /** True where the database draws the first key, and must not draw one twice. */
  readonly isDrawn?: true;
}

const drawn: TableOrder = { keys: ["id"], isDrawn: true };

/**
 * Every table, each behind those that it refers to: the order in which a copy is written. The head of the log stands behind
 * its events, checkpoints behind it.
 */
export const tableOrder: { readonly [Table in keyof Tables]: TableOrder } = {
  user: drawn,
  session: drawn,
  session_ended_by_password: { keys: ["token_hash"] },
  session_use: { keys: ["session_id"] },
  early_nonce: { keys: ["id"] },
  token: drawn,
  deleted_token: { keys: ["token_key"] },
  report: drawn,
  setting: { keys: ["name"] },
  ssh_key: drawn,
  ssl_key: drawn,
  zone: drawn,
  pool: drawn,
  domain: drawn,
  node: drawn,
  node_mac: drawn,
  deleted_node: { keys: ["system_id"] },
  tag: drawn,
  node_tag: { keys: ["node_id", "tag_id"] },
  script: drawn,
  script_revision: drawn,
  log_identity: drawn,
  log_move: drawn,
  event: { keys: ["id"] },
  tree_node: { keys: ["level", "position"] },
  log_head: { keys: ["one"] },
  checkpoint: { keys: ["id"] },
  verification: drawn,
  worker_cursor: { keys: ["worker"] },
};

export type TableName = keyof Tables;

/** The names of all tables, in that order. */
export const tableNames = Object.keys(tableOrder) as readonly TableName[];
