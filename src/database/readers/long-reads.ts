import { type Dialect, type Driver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely";
import type { Database, DatabaseLocation } from "../database.ts";
import type { Tables } from "../tables.ts";
import { ReaderPool } from "./reader-pool.ts";
import { Standby } from "./standby.ts";

/** What is read by instead of a database where it takes long; `usable` is undefined while it can't be. */
type StandIn = AsyncDisposable & { readonly usable: Database | undefined };

const standIns = new WeakMap<Database, StandIn>();

/**
 * The same database for queries that may take long: a histogram, an export, a list of the most frequent. On SQLite what was committed before
 * a query is asked for is seen by it; a hot standby may be a moment behind. Who asks several times for one answer keeps what this gives. A
 * command, which nobody waits beside, has no other connection.
 */
export function longReadsOf(db: Database): Database {
  return standIns.get(db)?.usable ?? db;
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
  const standby = location.kind === "postgres" && url !== undefined ? new Standby(db, url) : undefined;
  const standIn: StandIn | undefined = location.kind === "sqlite" ? threadsOf(location.file, count) : standby;
  if (standIn !== undefined) standIns.set(db, standIn);
  return {
    standby,
    async [Symbol.asyncDispose]() {
      standIns.delete(db);
      await standIn?.[Symbol.asyncDispose]();
    },
  };
}

function threadsOf(file: string, count: number): StandIn {
  const pool = new ReaderPool(file, count);
  return {
    // The same object behind a type that has no way to write; the threads' connections refuse it as well.
    usable: new Kysely<Tables>({ dialect: dialectOf(pool) }) as unknown as Database,
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
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
