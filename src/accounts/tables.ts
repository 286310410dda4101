import type { Generated } from "kysely";
import { drawn, type OwnedTables } from "../database/owned-tables.ts";

/** The tables that the slice owns. */
export const accountsTables: OwnedTables = {
  user: drawn,
  session: drawn,
  session_ended_by_password: { keys: ["token_hash"], rights: "change" },
  session_use: { keys: ["session_id"], rights: "change" },
  early_nonce: { keys: ["id"], rights: "change" },
};

declare module "../database/tables.ts" {
  interface DomainTables {
    user: UserTable;
    session: SessionTable;
    session_ended_by_password: SessionEndedByPasswordTable;
  }
  interface BookkeepingTables {
    session_use: SessionUseTable;
    early_nonce: EarlyNonceTable;
  }
}

export interface UserTable {
  /** Never given twice, not even after a deletion: events are shown by it. */
  id: Generated<number>;
  username: string;
  last_name: string;
  email: string;
  /** The address as it is compared; null where there is none, so that many may have none. */
  email_key: string | null;
  password_hash: string;
  is_superuser: number;
  /** 1 for an auditor. */
  is_auditor: number | null;
  /** 1 for one whose password goes on where password login is closed. */
  is_break_glass: number | null;
  is_active: number;
  created: number;
  updated: number;
}

export interface SessionTable {
  id: Generated<number>;
  user_id: number;
  token_hash: Uint8Array;
  created: number;
  ip: string | null;
  user_agent: string;
  /** The identity at a provider by which it was opened; null for a password. */
  identity_id: number | null;
  /** How the provider calls its own session (`sid`), where it says so. */
  provider_session: string | null;
}

/** Kept for as long as a cookie of it may come back. */
export interface SessionEndedByPasswordTable {
  token_hash: Uint8Array;
  ended: number;
}

export interface SessionUseTable {
  session_id: number;
  last_used: number;
}

/** Nonces of signed requests that were dated ahead; `used` is in seconds. */
export interface EarlyNonceTable {
  id: Uint8Array;
  used: number;
}
