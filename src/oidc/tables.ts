import type { Generated } from "kysely";
import { drawn, type OwnedTables } from "../database/owned-tables.ts";

/** The tables that the slice owns. */
export const oidcTables: OwnedTables = {
  oidc_provider: { ...drawn, sealed: ["client_secret"] },
  oidc_identity: drawn,
};

declare module "../database/tables.ts" {
  interface DomainTables {
    oidc_provider: OidcProviderTable;
    oidc_identity: OidcIdentityTable;
  }
}

export interface OidcProviderTable {
  id: Generated<number>;
  /** What the secret is encrypted for. */
  uuid: string;
  name: string;
  title: string;
  issuer: string;
  client_id: string;
  /** Encrypted; null for a client without one. */
  client_secret: Uint8Array | null;
  scopes: string;
  /** How accounts come: an administrator or their owner links them, or the first login creates them. */
  accounts: "link" | "create";
  username_claim: string;
  /** This one and those below: empty for none. */
  role_claim: string;
  administrator_value: string;
  auditor_value: string;
  required_claim: string;
  required_value: string;
  is_enabled: number;
  created: number;
  updated: number;
}

export interface OidcIdentityTable {
  id: Generated<number>;
  user_id: number;
  provider_id: number;
  subject: string;
  created: number;
  last_login: number | null;
}
