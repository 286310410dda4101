import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { Database, OpenDatabase } from "../database.ts";
import { refuseChanged, UnusableDatabase } from "../failures.ts";
import { migrate } from "../migrate.ts";
import type { Tables } from "../tables.ts";
import { grantsFor } from "./postgres-grants.ts";
import type { OwnedTables } from "../owned-tables.ts";
import type { AppendKeys } from "../writing/append-keys.ts";
import { findPostgresSchemaFaults, findSettingFaults } from "../schema-check/postgres-faults.ts";
import { type RoleRights, rightsOf } from "../schema-check/postgres-grants-check.ts";
import { asking } from "../schema-check/postgres-schema.ts";
import { registerWriter } from "../writing/writer.ts";
import { PostgresClient } from "./postgres-client.ts";
import { asUnusableServer } from "./postgres-failures.ts";
import { PostgresLeases } from "./postgres-leases.ts";
import { PostgresNonces } from "./postgres-nonces.ts";
import { refuseTransactionPooling } from "./postgres-pooler.ts";
import { askTimeoutMs, atHost, placeOf, SeekingClient, type SeekingConfig } from "./postgres-seeking.ts";
import { prepareConnection, type SessionKind, statementTimeoutMs } from "./postgres-session.ts";
import { withoutPassword } from "./postgres-url.ts";
import { PostgresWriter } from "./postgres-writer.ts";

/** Readers beyond it wait for their turn. */
const readConnectionsMax = 8;
const connectTimeoutMs = 5_000;

/** Opens a pool that can only read, and one connection that writes. A copy has its tables, as they must be. */
export async function openPostgres(url: string, keys: AppendKeys, isCopy = false): Promise<OpenDatabase> {
  const migrated = isCopy ? [] : await migrateOnce(url);
  const pool = createConnectionPool(url, "asking", { max: readConnectionsMax, Client: PostgresClient });
  const reader = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  // The same object behind a type that has no way to write; the connections refuse it as well.
  const db = reader as unknown as Database;
  const writer = new PostgresWriter(connectionOptions(url), keys);
  registerWriter(db, writer);
  const nonces = new PostgresNonces(connectionOptions(url));
  return {
    db,
    appendKeys: keys,
    migrated,
    nonces,
    leases: new PostgresLeases(reader, (work) => writer.keepBooks(work), connectionOptions(url)),
    async [Symbol.asyncDispose]() {
      await writer[Symbol.asyncDispose]();
      await nonces[Symbol.asyncDispose]();
      await reader.destroy();
    },
  };
}

/**
 * A pool of connections to the database. One that breaks is replaced at the next query: whoever waits for an answer gets the
 * error, and where nobody waits, idle or between two queries, it is nobody's. Without listeners it would end the process.
 */
export function createConnectionPool(url: string, kind: SessionKind, options: pg.PoolConfig): pg.Pool {
  // The pool waits for what it returns, which its types don't know.
  const onConnect = (client: pg.ClientBase): unknown => prepareConnection(client, kind);
  const own = connectionOptions(url, kind === "readingAll");
  // The pool counts the time for finding the host too.
  const connectionTimeoutMillis = connectTimeoutMs + (own.hosts?.urls.length ?? 0) * 2 * askTimeoutMs;
  const pool = new pg.Pool({ Client: SeekingClient, ...own, connectionTimeoutMillis, ...options, onConnect });
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

/** What every connection has in common. */
export function connectionOptions(url: string, isReadingAll = false): SeekingConfig {
  return {
    ...placeOf(url, isReadingAll),
    application_name: "ironlog",
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    // Longer than the server's own limit: for a connection that is gone without a word.
    query_timeout: statementTimeoutMs + 5_000,
    types: { getTypeParser },
  };
}

const int8 = 20;

/** Ids and microseconds fit a JavaScript number until the year 2255; node-postgres would hand them out as text. */
const getTypeParser = ((oid: number, format?: "text" | "binary") =>
  oid === int8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser;

async function migrateOnce(url: string): Promise<readonly string[]> {
  const pool = createConnectionPool(url, "building", { max: 2, query_timeout: 0 });
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await refuseTransactionPooling(await atHost(connectionOptions(url)), withoutPassword(url));
    // Before tables are made in a place that nobody meant.
    refuseChanged(await findSettingFaults(asking(pool)));
    const migrated = await migrate(db, "postgres");
    refuseChanged(await findPostgresSchemaFaults(asking(pool)));
    return migrated;
  } catch (error) {
    throw asUnusableServer(url, error);
  } finally {
    await db.destroy();
  }
}

/** Lets a role serve, as the owner of the tables, and gives the rights that it then has. Throws `UnusableDatabase` if there is no such role. */
export async function grantRole(url: string, role: string, tables: OwnedTables): Promise<RoleRights> {
  const client = new SeekingClient(connectionOptions(url));
  client.on("error", () => {});
  try {
    const schema = await connected(client, url);
    await client.query("begin");
    for (const statement of grantsFor(role, schema, tables)) await client.query(statement);
    const rights = await rightsOf(asking(client), role);
    await client.query("commit");
    return rights;
  } catch (error) {
    if (error instanceof UnusableDatabase) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnusableDatabase(`cannot let '${role}' serve: ${reason}`, { cause: error });
  } finally {
    await client.end();
  }
}

async function connected(client: pg.Client, url: string): Promise<string> {
  try {
    await client.connect();
    return await prepareConnection(client, "building");
  } catch (error) {
    throw asUnusableServer(url, error);
  }
}
