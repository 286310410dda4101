import type { Generated } from "kysely";
import { drawn, type OwnedTables } from "../database/owned-tables.ts";

/** The tables that the slice owns. */
export const transparencyTables: OwnedTables = {
  log_identity: { ...drawn, rights: "append" },
  checkpoint: { keys: ["id"], rights: "replace", isBehindLog: true },
};

declare module "../database/tables.ts" {
  interface DomainTables {
    log_identity: LogIdentityTable;
  }
}

/** Under which name and keys the log signs its checkpoints. A log that was restored gets a new one. */
export interface LogIdentityTable {
  id: Generated<number>;
  origin: string;
  /** The keys that verify, as C2SP signed-note writes them. */
  log_key: string;
  cosigner_key: string;
  /** The tree's size when it was made: from there on it signs. */
  since_size: number;
  created: number;
}
