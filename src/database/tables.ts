import type { Generated } from "kysely";
import type { EarlyNonceTable, SessionUseTable, VerificationTable, WorkerCursorTable } from "./bookkeeping-tables.ts";
import type { CheckpointTable, EventTable, LogHeadTable, TreeNodeTable } from "./log-tables.ts";

export type { EventTable, LogHeadTable } from "./log-tables.ts";

// Every table has exactly one owner, and each owner its own type of transaction. Times are integer
// microseconds since 1970-01-01 UTC; booleans are 0 or 1; hashes and salts are raw bytes.

/** What people change. Writable only inside `perform`, which records who, what and when. */
export interface DomainTables {
  user: UserTable;
  session: SessionTable;
  session_ended_by_password: SessionEndedByPasswordTable;
  token: TokenTable;
  deleted_token: DeletedTokenTable;
  report: ReportTable;
  log_identity: LogIdentityTable;
  log_move: LogMoveTable;
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
  script: ScriptTable;
  script_revision: ScriptRevisionTable;
}

/** The log. Appended to by `perform` alone; the database refuses to update or delete an event. */
export interface LogTables {
  event: EventTable;
  log_head: LogHeadTable;
  tree_node: TreeNodeTable;
}

/** What the signer writes, and nobody else: the newest checkpoint may be replaced, the others stay as they are. */
export interface CheckpointTables {
  checkpoint: CheckpointTable;
}

/** What the machine notes for itself. Nobody acted, so there is no event. */
export interface BookkeepingTables {
  session_use: SessionUseTable;
  early_nonce: EarlyNonceTable;
  verification: VerificationTable;
  worker_cursor: WorkerCursorTable;
}

export interface Tables extends DomainTables, LogTables, CheckpointTables, BookkeepingTables {}

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

/** Kept for as long as a cookie of it may come back. */
export interface SessionEndedByPasswordTable {
  token_hash: Uint8Array;
  ended: number;
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
  osystem: Generated<string>;
  distro_series: Generated<string>;
  hwe_kernel: Generated<string>;
  min_hwe_kernel: Generated<string>;
  /** Null where the system decides. */
  swap_size_bytes: number | null;
  /** 0 where it isn't known; so is the memory. */
  cpu_count: Generated<number>;
  memory_mib: Generated<number>;
  /** The system id of the node that a device belongs to. */
  parent_system_id: string | null;
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

/** A key under which events were reported from outside, and which events those are. */
export interface ReportTable {
  id: Generated<number>;
  /** Who reported them: keys of others are theirs. */
  user_id: number;
  /** `event` or `request`. */
  covers: string;
  key: string;
  /** SHA-256 of what was reported, to tell a repeat from another report under the same key. */
  digest: Uint8Array;
  first_event_id: number;
  event_count: number;
}

export interface ScriptTable {
  id: Generated<number>;
  name: string;
  title: string;
  description: string;
  /** JSON of a list of texts; so is `for_hardware`. */
  tags: string;
  /** As MAAS numbers them; so are the hardware type and the parallelism. */
  script_type: number;
  hardware_type: number;
  parallel: number;
  /** JSON; so are results and parameters. */
  packages: string;
  timeout_seconds: number;
  destructive: number;
  for_hardware: string;
  may_reboot: number;
  recommission: number;
  apply_configured_networking: number;
  results: string;
  parameters: string;
  created: number;
  updated: number;
}

/** A version of a script's text. The newest one counts; going back deletes those that are newer. */
export interface ScriptRevisionTable {
  /** Never given twice, not even after a deletion: events name it. */
  id: Generated<number>;
  script_id: number;
  content: string;
  size_bytes: number;
  comment: string | null;
  created: number;
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

/** That the log goes on elsewhere: where there is a row, nothing more is recorded here. */
export interface LogMoveTable {
  id: Generated<number>;
  moved: number;
}
