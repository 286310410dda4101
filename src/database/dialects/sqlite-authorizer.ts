import { constants, type DatabaseSync } from "node:sqlite";

// What the connection that writes may not even prepare, whatever SQL it is given. Triggers refuse the same; but a statement
// that drops a trigger would have to come first, and none may.

/** Tables whose rows stay for good. */
const appendOnlyTables = new Set(["event", "tree_node", "log_head", "checkpoint", "log_identity", "log_move"]);

/** Those whose rows never change either. The others have triggers that say which change is in order. */
const unchangingTables = new Set(["event", "tree_node", "log_identity", "log_move"]);

const schemaChanges: ReadonlySet<number> = new Set([
  constants.SQLITE_DROP_TABLE,
  constants.SQLITE_DROP_TRIGGER,
  constants.SQLITE_DROP_INDEX,
  constants.SQLITE_DROP_VIEW,
  constants.SQLITE_ALTER_TABLE,
  constants.SQLITE_CREATE_TABLE,
  constants.SQLITE_CREATE_TRIGGER,
  constants.SQLITE_CREATE_INDEX,
  constants.SQLITE_CREATE_VIEW,
  constants.SQLITE_CREATE_TEMP_TRIGGER,
  constants.SQLITE_ATTACH,
  constants.SQLITE_DETACH,
]);

/** Forbids a connection whose tables are up to date to change them, or to change or delete what was recorded. */
export function forbidRewriting(database: DatabaseSync): void {
  database.setAuthorizer((action, table) => {
    if (schemaChanges.has(action)) return constants.SQLITE_DENY;
    if (table === null || !appendOnlyTables.has(table)) return constants.SQLITE_OK;
    const isRewriting =
      action === constants.SQLITE_DELETE || (action === constants.SQLITE_UPDATE && unchangingTables.has(table));
    return isRewriting ? constants.SQLITE_DENY : constants.SQLITE_OK;
  });
}
