import type { Generated } from "kysely";
import { drawn, type OwnedTables } from "../database/owned-tables.ts";

/** The tables that the slice owns. */
export const backupTables: OwnedTables = {
  log_move: { ...drawn, rights: "append" },
};

declare module "../database/tables.ts" {
  interface DomainTables {
    log_move: LogMoveTable;
  }
}

/** That the log goes on elsewhere: where there is a row, nothing more is recorded here. */
export interface LogMoveTable {
  id: Generated<number>;
  moved: number;
}
