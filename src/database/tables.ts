import type { Generated } from "kysely";

// Every table has exactly one owner, and each owner its own type of transaction. Times are integer
// microseconds since 1970-01-01 UTC; booleans are 0 or 1; hashes and salts are raw bytes.

/** What people change. Writable only inside `perform`, which records who, what and when. */
export interface DomainTables {
  user: UserTable;
  session: SessionTable;
  token: TokenTable;
  deleted_token: DeletedTokenTable;
  setting: SettingTable;
  ssh_key: SshKeyTable;
  ssl_key: SslKeyTable;
  zone: ZoneTable;
  pool: PoolTable;
  domain: DomainTable;
  node: NodeTable;
  node_mac: NodeMacTable;
  deleted_node: DeletedNodeTable;
  tag: TagTable;
  node_tag: NodeTagTable;
}

/** The log. Appended to by `perform` alone; the database refuses to update or delete an event. */
export interface LogTables {
  event: EventTable;
  log_head: LogHeadTable;
}

/** What the machine notes for itself. Nobody acted, so there is no event. */
export interface BookkeepingTables {
  session_use: SessionUseTable;
}

export interface Tables extends DomainTables, LogTables, BookkeepingTables {}

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
}

export interface SessionUseTable {
  session_id: number;
  last_used: number;
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

/** A setting that somebody has set; the others have their initial values. */
export interface SettingTable {
  name: string;
  /** JSON of the value. */
  value: string;
  updated: number;
}

export interface ZoneTable {
  id: Generated<number>;
  name: string;
  description: string;
}

/** A resource pool. */
export interface PoolTable {
  id: Generated<number>;
  name: string;
  description: string;
}

export interface DomainTable {
  id: Generated<number>;
  name: string;
  authoritative: number;
  /** Seconds. */
  ttl: number | null;
}

export interface NodeTable {
  id: Generated<number>;
  /** Never given twice: events are tied to it. */
  system_id: string;
  hostname: string;
  /** 0 to 4, as MAAS numbers them; so is the status. */
  node_type: number;
  status: number;
  /** What a test or the rescue mode came from. */
  previous_status: number;
  domain_id: number;
  zone_id: number;
  /** Null for what is no machine. */
  pool_id: number | null;
  agent_name: string;
  owner_id: number | null;
  architecture: string;
  power_type: string;
  power_state: string;
  description: string;
  locked: number;
  created: number;
  updated: number;
}

/** A network interface, of which only the address is known: `aa:bb:cc:dd:ee:ff`. */
export interface NodeMacTable {
  id: Generated<number>;
  node_id: number;
  mac: string;
}

/** What is left of a deleted node, so that nobody else gets its system id. */
export interface DeletedNodeTable {
  system_id: string;
  hostname: string;
  deleted: number;
}

export interface TagTable {
  id: Generated<number>;
  name: string;
  definition: string;
  comment: string;
  kernel_opts: string;
}

export interface NodeTagTable {
  node_id: number;
  tag_id: number;
}

/** One row of the log; `docs/log-format.md` says which bytes of it are hashed, and how. */
export interface EventTable {
  /** 1, 2, 3 … without a gap, in the order of commit. */
  id: number;
  level: number;
  type: string;
  action: string;
  outcome: string;
  source: string;
  created: number;
  /** When it happened, where that is not when it was recorded. */
  occurred: number | null;

  user_id: number | null;
  username: string | null;
  actor_salt: Uint8Array | null;

  ip: string | null;
  user_agent: string | null;
  endpoint: string | null;
  trace_id: string | null;
  forwarded: string | null;
  reporter_id: number | null;
  reporter: string | null;
  origin_salt: Uint8Array | null;

  target_kind: string | null;
  target_id: string | null;
  target_name: string | null;
  description: string | null;
  /** Canonical JSON, as text: a JSON column would reorder and renumber it. */
  details: string | null;
  subject_salt: Uint8Array | null;

  node: string | null;
  hostname: string | null;
  node_salt: Uint8Array | null;

  /** The four commitments, 32 bytes each: actor, origin, subject, node. */
  sealed: Uint8Array;
  leaf_hash: Uint8Array;
}

/** One row. Whoever holds its lock is the only one who can append. */
export interface LogHeadTable {
  one: number;
  last_event_id: number;
  last_created: number;
}
