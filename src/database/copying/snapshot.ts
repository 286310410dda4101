import { DatabaseSync } from "node:sqlite";
import { Kysely, PostgresDialect, sql } from "kysely";
import type { Database, DatabaseLocation } from "../database.ts";
import { NodeSqliteDialect } from "../dialects/node-sqlite.ts";
import { createConnectionPool } from "../dialects/postgres.ts";
import { factsOf, type OwnedTables, type TableName } from "../owned-tables.ts";
import type { Tables } from "../tables.ts";

/** A row as it is stored: text, numbers, bytes and nulls. */
export type StoredRow = Readonly<Record<string, string | number | Uint8Array | null>>;

/** All that a database holds at one moment, while others go on writing. */
export interface Snapshot {
  readonly db: Database;
  /** At most `limit` rows in the order of their keys, behind the row `after`. */
  readRows(table: TableName, after: StoredRow | undefined, limit: number): Promise<readonly StoredRow[]>;
  /** The last key that the database has drawn for a table; 0 for none. */
  lastDrawn(table: TableName): Promise<number>;
}

/** Runs `work` over one consistent look at the database with these tables, on a connection of its own. */
export function withSnapshot<Result>(
  location: DatabaseLocation,
  tables: OwnedTables,
  work: (snapshot: Snapshot) => Promise<Result>,
): Promise<Result> {
  return location.kind === "sqlite" ? overFile(location.file, tables, work) : overServer(location.url, tables, work);
}

async function overFile<Result>(
  file: string,
  tables: OwnedTables,
  work: (snapshot: Snapshot) => Promise<Result>,
): Promise<Result> {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 10_000 });
  try {
    // In WAL mode a reader keeps what it saw first for as long as its transaction is open.
    database.exec("begin");
    const db = new Kysely<Tables>({ dialect: new NodeSqliteDialect(database) });
    return await work({
      db: db as unknown as Database,
      readRows: (table, after, limit) =>
        readRows(db as unknown as Database, table, factsOf(tables, table).keys, after, limit),
      lastDrawn: (table) => lastDrawnInFile(db, table),
    });
  } finally {
    database.close();
  }
}

async function overServer<Result>(
  url: string,
  tables: OwnedTables,
  work: (snapshot: Snapshot) => Promise<Result>,
): Promise<Result> {
  const pool = createConnectionPool(url, "readingAll", { max: 1 });
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    return await momentOfServer(db, (tx) =>
      work({
        db: tx as unknown as Database,
        readRows: (table, after, limit) =>
          readRows(tx as unknown as Database, table, factsOf(tables, table).keys, after, limit),
        lastDrawn: (table) => lastDrawnByServer(tx, table),
      }),
    );
  } finally {
    await db.destroy();
  }
}

/** Runs `work` over one moment of a PostgreSQL database, whatever others write meanwhile. */
export function momentOfServer<Result>(
  db: Kysely<Tables>,
  work: (tx: Kysely<Tables>) => Promise<Result>,
): Promise<Result> {
  return db.transaction().setIsolationLevel("repeatable read").setAccessMode("read only").execute(work);
}

/** The last key that SQLite has drawn for a table; 0 for none. */
export async function lastDrawnInFile(db: Kysely<Tables>, table: TableName): Promise<number> {
  const { rows } = await sql<{ seq: number }>`select seq from sqlite_sequence where name = ${table}`.execute(db);
  return rows[0]?.seq ?? 0;
}

/** The last key that PostgreSQL has drawn for a table; 0 for none. */
export async function lastDrawnByServer(tx: Kysely<Tables>, table: TableName): Promise<number> {
  const { rows } = await sql<{ last: number | null }>`
    select pg_sequence_last_value(pg_get_serial_sequence(${`"${table}"`}, 'id')) as last`.execute(tx);
  return rows[0]?.last ?? 0;
}

/** At most `limit` rows in the order of their one or two keys, behind the row `after`. */
export async function readRows(
  db: Database,
  table: TableName,
  keys: readonly string[],
  after: StoredRow | undefined,
  limit: number,
): Promise<readonly StoredRow[]> {
  const [first = "", second] = keys;
  // Any name of a table will do for the types: the rows are taken as they come.
  let query = db
    .selectFrom(table as "event")
    .selectAll()
    .limit(limit);
  for (const key of keys) query = query.orderBy(key as "id");
  if (after !== undefined) {
    const [low, high] = [after[first] as number, second === undefined ? 0 : (after[second] as number)];
    query = query.where((eb) =>
      second === undefined
        ? eb(first as "id", ">", low)
        : eb.or([eb(first as "id", ">", low), eb.and([eb(first as "id", "=", low), eb(second as "id", ">", high)])]),
    );
  }
  return await query.execute();
}
