import { type Dialect, type Driver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely";
import type { Database, DatabaseLocation } from "../database.ts";
import type { Tables } from "../tables.ts";
import { ReaderPool } from "./reader-pool.ts";
import { Standby } from "./standby.ts";

/** What stands in for a database where a read may take long; undefined where nothing does just now. */
const readers = new WeakMap<Database, () => Database | undefined>();

/**
 * The same database for queries that may take long: a histogram, an export, a list of the most frequent. On SQLite what was committed before
 * a query is asked for is seen by it; a hot standby may be a moment behind. Who asks several times for one answer keeps what this gives. A
 * command, which nobody waits beside, has no other connection.
 */
export function longReadsOf(db: Database): Database {
  return readers.get(db)?.() ?? db;
}

/** What a server reads by where it takes long. */
export interface Readers extends AsyncDisposable {
  /** The hot standby, where there is one. */
  readonly standby: Standby | undefined;
}

/** Gives a server's database threads for what takes long; of PostgreSQL, which has a process for each connection, the hot standby. */
export function openReaders(
  db: Database,
  location: DatabaseLocation,
  { readers: count, readDatabase: url }: { readonly readers: number; readonly readDatabase: string | undefined },
): Readers {
  const [standin, opened] = location.kind === "sqlite" ? threadsOf(location.file, count) : standbyOf(db, url);
  readers.set(db, standin);
  return {
    standby: opened instanceof Standby ? opened : undefined,
    async [Symbol.asyncDispose]() {
      readers.delete(db);
      await opened?.[Symbol.asyncDispose]();
    },
  };
}

function threadsOf(file: string, count: number) {
  const pool = new ReaderPool(file, count);
  // The same object behind a type that has no way to write; the threads' connections refuse it as well.
  const long = new Kysely<Tables>({ dialect: dialectOf(pool) }) as unknown as Database;
  return [() => long, pool] as const;
}

function standbyOf(db: Database, url: string | undefined) {
  if (url === undefined) return [() => undefined, undefined] as const;
  const standby = new Standby(db, url);
  return [() => standby.usable, standby] as const;
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
