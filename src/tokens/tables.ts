import type { Generated } from "kysely";
import { drawn, type OwnedTables } from "../database/owned-tables.ts";

/** The tables that the slice owns. */
export const tokensTables: OwnedTables = {
  token: drawn,
  deleted_token: { keys: ["token_key"], rights: "change" },
  token_use: { keys: ["token_id"], rights: "change" },
};

declare module "../database/tables.ts" {
  interface DomainTables {
    token: TokenTable;
    deleted_token: DeletedTokenTable;
  }
  interface BookkeepingTables {
    token_use: TokenUseTable;
  }
}

export interface TokenTable {
  id: Generated<number>;
  user_id: number;
  name: string;
  consumer_key: string;
  token_key: string;
  /** SHA-256 of the secret: 190 random bits need no slow hash. */
  secret_hash: Uint8Array;
  created: number;
  /** Blanks between them; null for a key that may do what its user may. */
  scopes: Generated<string | null>;
  expires: Generated<number | null>;
  /** The source, besides external, of which its holder may report events. */
  source: Generated<string | null>;
}

/** What is left of a deleted token, so that its use can be told from a guess. */
export interface DeletedTokenTable {
  token_key: string;
  consumer_key: string;
  secret_hash: Uint8Array;
  user_id: number;
  username: string;
  deleted: number;
}

/** To the hour. */
export interface TokenUseTable {
  token_id: number;
  last_used: number;
  /** From where. */
  ip: string | null;
}
