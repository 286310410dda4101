import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { Database, OpenDatabase } from "../database.ts";
import { failureKind, UnusableDatabase } from "../failures.ts";
import { migrate } from "../migrate.ts";
import type { Tables } from "../tables.ts";
import { grantsFor } from "./postgres-grants.ts";
import { registerWriter } from "../writer.ts";
import { WatchfulClient } from "./postgres-client.ts";
import { PostgresNonces } from "./postgres-nonces.ts";
import { refuseTransactionPooling } from "./postgres-pooler.ts";
import { prepareSession, type SessionKind, statementTimeoutMs } from "./postgres-session.ts";
import { withoutPassword } from "./postgres-url.ts";
import { PostgresWriter } from "./postgres-writer.ts";

/** Readers beyond it wait for their turn. */
const readConnectionsMax = 8;
const connectTimeoutMs = 5_000;

/** Opens a pool that can only read, and one connection that writes. */
export async function openPostgres(url: string): Promise<OpenDatabase> {
  const migrated = await migrateOnce(url);
  const pool = createPool(url, "asking", { max: readConnectionsMax, Client: WatchfulClient });
  const reader = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  // The same object behind a type that has no way to write; the connections refuse it as well.
  const db = reader as unknown as Database;
  const writer = new PostgresWriter(connectionOptions(url));
  registerWriter(db, writer);
  const nonces = new PostgresNonces(connectionOptions(url));
  return {
    db,
    migrated,
    nonces,
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
export function createPool(url: string, kind: SessionKind, options: pg.PoolConfig): pg.Pool {
  // The pool waits for what it returns, which its types don't know.
  const onConnect = (client: pg.ClientBase): unknown => prepareSession(client, kind);
  const pool = new pg.Pool({ ...connectionOptions(url), ...options, onConnect });
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

/** What every connection has in common. */
export function connectionOptions(url: string): pg.ClientConfig {
  return {
    connectionString: url,
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
  const pool = createPool(url, "building", { max: 2, query_timeout: 0 });
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await refuseTransactionPooling(connectionOptions(url), withoutPassword(url));
    return await migrate(db, "postgres");
  } catch (error) {
    throw asUnusable(url, error);
  } finally {
    await db.destroy();
  }
}

/** Lets a role serve, as the owner of the tables. Throws `UnusableDatabase` if there is no such role. */
export async function grantRole(url: string, role: string): Promise<void> {
  const client = new pg.Client(connectionOptions(url));
  await client.connect();
  try {
    const schema = await prepareSession(client, "building");
    await client.query("begin");
    for (const statement of grantsFor(role, schema)) await client.query(statement);
    await client.query("commit");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnusableDatabase(`cannot let '${role}' serve: ${reason}`, { cause: error });
  } finally {
    await client.end();
  }
}

function asUnusable(url: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof UnusableDatabase) return error;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const where = withoutPassword(url);
  const unusable = (sentence: string) => new UnusableDatabase(sentence, { cause: error });
  if (code === "28P01" || code === "28000") {
    return unusable(`${where} refuses this user or password: check the URL given with --database`);
  }
  if (code === "3D000") return unusable(`${where} does not exist: create the database first`);
  if ("severity" in error && error.severity === "FATAL" && /^(?:25P0|42|22)/.test(code)) {
    return unusable(
      `${where} ends new connections (${error.message}): check the options in the URL and PGOPTIONS, and what 'alter role' and 'alter database' have set`,
    );
  }
  if (code === "08P01" && error.message.includes("startup parameter")) {
    return unusable(
      `a pooler such as PgBouncer stands at ${where} and refuses 'options': leave them out of the URL and PGOPTIONS, or give PostgreSQL's own port`,
    );
  }
  if (code === "42501") {
    return unusable(
      `${where}: the user may not create or change tables there (${error.message}): run ironlog migrate --grant as their owner, or grant it`,
    );
  }
  if (failureKind(error) === "unavailable") {
    return unusable(`cannot reach ${where} (${error.message || code}): is PostgreSQL running there?`);
  }
  return error;
}
