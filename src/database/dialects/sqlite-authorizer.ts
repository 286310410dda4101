import { constants, type DatabaseSync } from "node:sqlite";
import { erasableColumns } from "../event-columns.ts";

// What the connection that writes may not even prepare, whatever SQL it is given. Triggers refuse the same; but a statement
// that drops a trigger would have to come first, and none may.

/** Tables whose rows stay for good. */
const appendOnlyTables = new Set(["event", "tree_node", "log_head", "checkpoint", "log_identity", "log_move"]);

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
  database.setAuthorizer((action, table, column) => {
    if (schemaChanges.has(action)) return constants.SQLITE_DENY;
    if (table === null || !appendOnlyTables.has(table)) return constants.SQLITE_OK;
    if (action === constants.SQLITE_DELETE) return constants.SQLITE_DENY;
    const isLasting =
      action === constants.SQLITE_UPDATE && table === "event" && !erasableColumns.includes(column ?? "");
    return isLasting ? constants.SQLITE_DENY : constants.SQLITE_OK;
  });
}
