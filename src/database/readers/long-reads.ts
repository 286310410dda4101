import { type Dialect, type Driver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely";
import type { Database, DatabaseLocation } from "../database.ts";
import type { Tables } from "../tables.ts";
import { ReaderPool } from "./reader-pool.ts";

const readers = new WeakMap<Database, Database>();

/**
 * The same database for queries that may take long: a histogram, an export, a list of the most frequent. What was committed before a query
 * is asked for is seen by it. A command, which nobody waits beside, has no other connection.
 */
export function longReadsOf(db: Database): Database {
  return readers.get(db) ?? db;
}

/** Gives a server's database `count` threads for what takes long. PostgreSQL has processes of its own for each connection. */
export function openReaders(db: Database, location: DatabaseLocation, count: number): AsyncDisposable {
  if (location.kind === "postgres") return { async [Symbol.asyncDispose]() {} };
  const pool = new ReaderPool(location.file, count);
  // The same object behind a type that has no way to write; the threads' connections refuse it as well.
  const long = new Kysely<Tables>({ dialect: dialectOf(pool) }) as unknown as Database;
  readers.set(db, long);
  return {
    async [Symbol.asyncDispose]() {
      readers.delete(db);
      await pool[Symbol.asyncDispose]();
    },
  };
}

/** SQLite's, whose queries the pool carries out. */
function dialectOf(pool: ReaderPool): Dialect {
  const noTransaction = async (): Promise<void> => {
    throw new Error("what reads in threads has no transactions");
  };
  const driver: Driver = {
    async init() {},
    async acquireConnection() {
      return pool;
    },
    beginTransaction: noTransaction,
    commitTransaction: noTransaction,
    rollbackTransaction: noTransaction,
    async releaseConnection() {},
    async destroy() {},
  };
  return {
    createDriver: () => driver,
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}
