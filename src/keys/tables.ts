import type { Generated } from "kysely";
import { drawn, type OwnedTables } from "../database/owned-tables.ts";

/** The tables that the slice owns. */
export const keysTables: OwnedTables = {
  ssh_key: drawn,
  ssl_key: drawn,
};

declare module "../database/tables.ts" {
  interface DomainTables {
    ssh_key: SshKeyTable;
    ssl_key: SslKeyTable;
  }
}

export interface SshKeyTable {
  id: Generated<number>;
  user_id: number;
  key: string;
  fingerprint: string;
  /** `lp:NAME` or `gh:NAME` where it was imported. */
  source: string | null;
  created: number;
}

export interface SslKeyTable {
  id: Generated<number>;
  user_id: number;
  /** A certificate in PEM; never a private key. */
  key: string;
  subject: string;
  fingerprint: string;
  expires: number;
  created: number;
}
