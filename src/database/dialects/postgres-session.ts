import type pg from "pg";
import { UnusableDatabase } from "../failures.ts";
import { leaseSilenceMs } from "../leases.ts";
import { findPostgresFault, type PostgresFacts, postgresFactColumns } from "../needs.ts";

// What every connection must be, whatever the URL, PGOPTIONS, the role or the database say. It is set after connecting: a
// URL's own `options` would take the place of ours, and poolers refuse them. Then the server is asked whether it holds.

type Settings = Readonly<Record<string, string>>;

/** What the program's queries and the database's guards rely on. */
const always: Settings = {
  client_encoding: "UTF8",
  standard_conforming_strings: "on",
  transform_null_equals: "off",
  bytea_output: "hex",
  default_transaction_isolation: "read committed",
};

/** What only a superuser may set. Any other value takes the guards away. */
const asked: Settings = { session_replication_role: "origin" };

/** How long another server may hold the log before a change is refused. */
const lockTimeoutMs = 10_000;
/** A server that stops in the middle of a transaction must not hold up the others for longer. */
const idleInTransactionTimeoutMs = 10_000;
/** A query that needs longer is stopped by the server: a page must not hold a connection for ever. No action comes near it. */
export const statementTimeoutMs = 30_000;

/** A statement of a lease's session that waits for longer must not keep the session from being silent. */
const leaseStatementTimeoutMs = 5_000;

/** What a connection is for. */
export const sessions = {
  /** The server's queries. */
  asking: { default_transaction_read_only: "on", statement_timeout: String(statementTimeoutMs) },
  /** `perform`, and the signer. */
  acting: {
    default_transaction_read_only: "off",
    lock_timeout: String(lockTimeoutMs),
    idle_in_transaction_session_timeout: String(idleInTransactionTimeoutMs),
    statement_timeout: String(statementTimeoutMs),
    // An answer is sent after the commit is on disk.
    synchronous_commit: "on",
    // A plan is made while a table is small, kept, and would read all of it when it has grown. What no index helps with is read as
    // before, and must not be compiled for what it seems to cost.
    enable_seqscan: "off",
    jit: "off",
  },
  /** Nonces. They go into an unlogged table, so there is nothing to wait for. */
  noting: {
    default_transaction_read_only: "off",
    statement_timeout: String(statementTimeoutMs),
    lock_timeout: String(lockTimeoutMs),
    idle_in_transaction_session_timeout: String(idleInTransactionTimeoutMs),
    synchronous_commit: "off",
  },
  /**
   * Leases. Whatever a frozen server holds is let go by the database itself: the session of a client that says nothing for so
   * long ends, and so does one in the middle of a transaction.
   */
  leasing: {
    default_transaction_read_only: "off",
    statement_timeout: String(leaseStatementTimeoutMs),
    lock_timeout: String(leaseStatementTimeoutMs),
    idle_session_timeout: String(leaseSilenceMs),
    idle_in_transaction_session_timeout: String(leaseSilenceMs),
    synchronous_commit: "on",
  },
  /** A verification, a backup: however long it takes. */
  readingAll: { default_transaction_read_only: "on", statement_timeout: "0", idle_in_transaction_session_timeout: "0" },
  /** Changes of the tables, and loading a copy. */
  building: {
    default_transaction_read_only: "off",
    statement_timeout: "0",
    idle_in_transaction_session_timeout: "0",
    synchronous_commit: "on",
  },
} as const satisfies Readonly<Record<string, Settings>>;

export type SessionKind = keyof typeof sessions;

/** What PostgreSQL itself has. */
const usualPath = '"$user", public';

/** A search path that stands in the database could lead to other tables: the one of the URL counts, else PostgreSQL's own. */
const ignoreStoredPath = `select set_config('search_path', '${usualPath}', false) from pg_settings
  where name = 'search_path' and source in ('global', 'database', 'user', 'database user')`;

/**
 * Makes a new connection what it must be. Returns the schema that the log's tables are in or will be made in: the first of
 * the search path, which from here on is the only one, so that nothing else can stand in for them.
 *
 * Throws `UnusableDatabase` where a setting can't be as it must.
 */
export async function prepareConnection(client: pg.ClientBase, kind: SessionKind): Promise<string> {
  const own: Settings = sessions[kind];
  const schema = await findSchema(client, own["default_transaction_read_only"] === "off");
  const wanted: Settings = { ...always, ...own, search_path: `${quoteIdentifier(schema)}, pg_temp` };
  const names = Object.keys(wanted);
  const set = await client.query<Setting>(
    "select name, set_config(name, value, false) as setting from unnest($1::text[], $2::text[]) as setting (name, value)",
    [names, Object.values(wanted)],
  );
  // Nothing fires where nothing is written; a verification names the setting as a fault.
  const expected: Settings = { ...settingsOf(set.rows), ...(kind !== "readingAll" && asked) };
  const { rows } = await client.query<Setting>(
    "select name, current_setting(name) as setting from unnest($1::text[]) as setting (name)",
    [[...Object.keys(expected), messagesName]],
  );
  const found = settingsOf(rows);
  if (own["default_transaction_read_only"] === "off") refuseTelltale(found[messagesName] ?? "");
  const wrong = Object.entries(expected).find(([name, value]) => found[name] !== value);
  if (wrong === undefined) return schema;
  const [name, value] = wrong;
  throw new UnusableDatabase(
    `PostgreSQL has ${name} = '${found[name] ?? "nothing"}' for this connection, and it must be '${value}': look for it in the URL, PGOPTIONS, and what 'alter role' and 'alter database' have set`,
  );
}

/** A setting with its unit. */
interface Setting {
  readonly name: string;
  readonly setting: string;
}

function settingsOf(rows: readonly Setting[]): Settings {
  return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
}

/**
 * Triggers hand over changed rows as messages of level INFO, password hashes among them. They are for this client, and the server
 * would write them into its own log, too.
 */
function refuseTelltale(level: string): void {
  if (!/^(debug\d?|info)$/.test(level)) return;
  throw new UnusableDatabase(
    `PostgreSQL has ${messagesName} = '${level}', and would write changed rows, password hashes among them, into its log: set it to notice or above`,
  );
}

const messagesName = "log_min_messages";

interface Place {
  readonly schema: string | null;
  readonly found: string | null;
  readonly path: string;
}

async function findSchema(client: pg.ClientBase, mustWrite: boolean): Promise<string> {
  let first = await findPlace(client);
  if (first?.path !== usualPath) {
    await client.query(ignoreStoredPath);
    first = await findPlace(client);
  }
  const fault = first === undefined ? undefined : findPostgresFault(first, mustWrite);
  if (fault !== undefined) throw new UnusableDatabase(fault);
  const { schema = null, found = null, path = "" } = first ?? {};
  if (schema === null) {
    throw new UnusableDatabase(`no schema of the search_path '${path}' exists: create one, or name another`);
  }
  if (found !== null && found !== schema) {
    throw new UnusableDatabase(
      `the tables are in the schema '${found}', and the search_path '${path}' puts '${schema}' before it: set search_path to '${found}' alone`,
    );
  }
  return schema;
}

async function findPlace(client: pg.ClientBase): Promise<(Place & PostgresFacts) | undefined> {
  const { rows } = await client.query<Place & PostgresFacts>(
    `select ${postgresFactColumns}, current_schema() as schema, current_setting('search_path') as path,
      (select nspname from pg_class join pg_namespace on pg_namespace.oid = relnamespace
        where pg_class.oid = to_regclass('log_head')) as found`,
  );
  return rows[0];
}

/** A name as SQL has it. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
