import type { Generated } from "kysely";
import { drawn, type OwnedTables } from "../database/owned-tables.ts";

/** The tables that the slice owns. */
export const accountsTables: OwnedTables = {
  user: drawn,
  session: drawn,
  session_ended_by_password: { keys: ["token_hash"], rights: "change" },
  session_use: { keys: ["session_id"], rights: "change" },
  totp_device: { ...drawn, sealed: ["secret"] },
  passkey: drawn,
  recovery_code: drawn,
  realm_identity: drawn,
  totp_use: { keys: ["device_id"], rights: "change" },
  passkey_use: { keys: ["passkey_id"], rights: "change" },
  spent_state: { keys: ["id"], rights: "change" },
  early_nonce: { keys: ["id"], rights: "change" },
};

declare module "../database/tables.ts" {
  interface DomainTables {
    user: UserTable;
    session: SessionTable;
    session_ended_by_password: SessionEndedByPasswordTable;
    totp_device: TotpDeviceTable;
    passkey: PasskeyTable;
    recovery_code: RecoveryCodeTable;
    realm_identity: RealmIdentityTable;
  }
  interface BookkeepingTables {
    session_use: SessionUseTable;
    early_nonce: EarlyNonceTable;
    totp_use: TotpUseTable;
    passkey_use: PasskeyUseTable;
    spent_state: SpentStateTable;
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
  /** 1 while nobody knows the password: a sign-in provider made the account, and no password was set since. */
  is_password_unset: number | null;
  is_active: number;
  created: number;
  updated: number;
  /** Since when the user has a second factor; null for none. So a row of one that was deleted by SQL is missed. */
  factor_since: number | null;
  /** When the user got the role that they have; null where it is the first. */
  role_since: number | null;
}

export interface SessionTable {
  id: Generated<number>;
  /** Null for a person of a mirrored MAAS, who has no account here. */
  user_id: number | null;
  /** The source that vouches for that person, and their id there. */
  realm: string | null;
  realm_user_id: number | null;
  token_hash: Uint8Array;
  created: number;
  ip: string | null;
  user_agent: string;
  /** The identity at a provider by which it was opened; null for a password. */
  identity_id: number | null;
  /** How the provider calls its own session (`sid`), where it says so. */
  provider_session: string | null;
  /** When a second factor, or the organisation's provider, last vouched for the session. */
  factor_at: number | null;
}

/** Who an account is at a mirrored MAAS. */
export interface RealmIdentityTable {
  id: Generated<number>;
  user_id: number;
  /** The source's name, and how often it had been set back. */
  realm: string;
  generation: number;
  realm_user_id: number;
  /** The name that they had there. */
  realm_username: string;
  created: number;
}

/** Kept for as long as a cookie of it may come back. */
export interface SessionEndedByPasswordTable {
  token_hash: Uint8Array;
  ended: number;
}

export interface SessionUseTable {
  session_id: number;
  last_used: number;
  /** From where. */
  ip: string | null;
}

/** An app that shows codes. */
export interface TotpDeviceTable {
  id: Generated<number>;
  uuid: string;
  user_id: number;
  name: string;
  /** Sealed. */
  secret: Uint8Array;
  created: number;
}

export interface PasskeyTable {
  id: Generated<number>;
  uuid: string;
  user_id: number;
  name: string;
  /** The host name that it was made for: a browser offers it there alone. */
  rp_id: string;
  credential_id: Uint8Array;
  public_key: Uint8Array;
  /** How a browser reaches it, as JSON. */
  transports: string;
  created: number;
}

/** Of the codes themselves nothing is kept. */
export interface RecoveryCodeTable {
  id: Generated<number>;
  user_id: number;
  code_hash: Uint8Array;
}

/** The time step of the last code that was taken of a device. */
export interface TotpUseTable {
  device_id: number;
  step: number;
}

export interface PasskeyUseTable {
  passkey_id: number;
  counter: number;
  last_used: number;
}

/** What was begun and is finished: a sealed state is good once. */
export interface SpentStateTable {
  id: string;
  expires: number;
}

/** Nonces of signed requests that were dated ahead; `used` is in seconds. */
export interface EarlyNonceTable {
  id: Uint8Array;
  used: number;
}
