import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import { findUnreadText, refuseUnreadText } from "./checking/text-check.ts";
import { pathToFileURL } from "node:url";
import { Kysely, PostgresDialect, sql } from "kysely";
import type { Database, DatabaseLocation } from "./database.ts";
import { NodeSqliteDialect } from "./dialects/node-sqlite.ts";
import { createConnectionPool } from "./dialects/postgres.ts";
import { refuseUnfit } from "./dialects/sqlite.ts";
import { eventColumns } from "./event-columns.ts";
import { UnusableDatabase } from "./failures.ts";
import { schemaSteps } from "./migrate.ts";
import { lastDrawnByServer, lastDrawnInFile, momentOfServer } from "./copying/snapshot.ts";
import type { TableName } from "./owned-tables.ts";
import { examinePostgres } from "./schema-check/postgres-examination.ts";
import type { Examination } from "./schema-check/schema.ts";
import { examineSqlite } from "./schema-check/sqlite-examination.ts";
import type { Tables } from "./tables.ts";
import { AppendKeys } from "./writing/append-keys.ts";
import { namingMend } from "./unusable.ts";

/** A row of `event` as an array, in the order of `eventColumns`: a third of what an object costs to read. */
export type EventArray = readonly SQLOutputValue[];

/** The database as it was at one moment. */
export interface Moment extends Pick<ReadingDatabase, "db" | "readEvents"> {
  /** The last key that the database has drawn for a table; 0 for none. */
  lastDrawn(table: TableName): Promise<number>;
  /** A column of a row whose text isn't what is stored: SQLite keeps any bytes. */
  readonly findUnreadText?: (
    table: string,
    row: Readonly<Record<string, string | number>>,
    keys: readonly string[],
  ) => string | undefined;
}

/** A database that is only looked at: nothing in it is changed, nor could be. */
export interface ReadingDatabase extends AsyncDisposable {
  readonly db: Database;
  /** The keys of its log, where they are beside it. */
  readonly appendKeys: AppendKeys;
  /** Runs `work` over one moment of the database, whatever others write meanwhile. */
  atOneMoment<Result>(work: (moment: Moment) => Promise<Result>): Promise<Result>;
  /** At most `limit` rows with `afterId < id <= upToId`, oldest first. */
  readEvents(afterId: number, upToId: number, limit: number): Promise<readonly EventArray[]>;
  /**
   * Looks at the schema and along the indexes, deep at every entry of every index. Undefined where a copy is being loaded:
   * then the opening has looked at the schema just now.
   */
  readonly examine?: (isDeep: boolean) => Promise<Examination>;
}

/**
 * Opens what is there, on connections of its own, without bringing its tables up to date; a read-only copy will do.
 *
 * Throws `UnusableDatabase` where it isn't there, or is of another version of the program.
 */
export async function openForReading(location: DatabaseLocation): Promise<ReadingDatabase> {
  const keys = new AppendKeys(location.appendKeyFile);
  const reading = location.kind === "sqlite" ? openFile(location.file, keys) : openServer(location.url, keys);
  try {
    await namingMend(location, refuseOtherVersions(reading.db));
    return reading;
  } catch (error) {
    await reading[Symbol.asyncDispose]();
    throw error;
  }
}

async function refuseOtherVersions(db: Database): Promise<void> {
  let applied: readonly string[];
  try {
    const query = sql<{ name: string }>`select name from kysely_migration order by name`;
    applied = (await query.execute(db as unknown as Kysely<Tables>)).rows.map(({ name }) => name);
  } catch (error) {
    if (!hasNoTable(error)) throw error;
    // Without its list of steps a log is damaged, and still to be read.
    if (await hasLog(db)) return;
    throw new UnusableDatabase("there is no log of Ironlog there: check --data and --database", { cause: error });
  }
  const missing = schemaSteps.filter((step) => !applied.includes(step));
  if (missing.includes(schemaSteps[0] ?? "") && (await hasLog(db))) return;
  if (missing.length > 0) {
    throw new UnusableDatabase(
      `its tables are older than this program (${missing.join(", ")}): run ironlog serve once`,
    );
  }
  if (applied.length > schemaSteps.length) {
    throw new UnusableDatabase("its tables are newer than this program: use the version that wrote them");
  }
}

async function hasLog(db: Database): Promise<boolean> {
  try {
    await db.selectFrom("log_head").select("one").limit(1).execute();
    return true;
  } catch (error) {
    if (!hasNoTable(error)) throw error;
    return false;
  }
}

/** Anything else that stands in the way says nothing of what is there. */
function hasNoTable(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return error.code === "42P01" || (error.code === "ERR_SQLITE_ERROR" && error.message.includes("no such table"));
}

const readEventsSql = (place: (n: number) => string): string =>
  `select ${eventColumns.join(", ")} from event where id > ${place(1)} and id <= ${place(2)} order by id limit ${place(3)}`;

function openFile(file: string, appendKeys: AppendKeys): ReadingDatabase {
  const database = openReadOnly(file);
  const statement = prepared(database);
  const reader = new Kysely<Tables>({ dialect: new NodeSqliteDialect(database) });
  // The same object behind a type that has no way to write; the connection refuses it as well.
  const db = reader as unknown as Database;
  const readEvents: ReadingDatabase["readEvents"] = async (afterId, upToId, limit) => {
    // With `setReturnArrays` rows are arrays, which the types don't know.
    const rows = (statement?.all(afterId, upToId, limit) ?? []) as unknown as readonly EventArray[];
    refuseUnreadText(database, rows);
    return rows;
  };
  return {
    db,
    appendKeys,
    readEvents,
    async atOneMoment(work) {
      // In WAL mode a reader keeps what it saw first for as long as its transaction is open.
      database.exec("begin");
      try {
        return await work({
          db,
          readEvents,
          lastDrawn: (table) => lastDrawnInFile(reader, table),
          findUnreadText: (...place) => findUnreadText(database, ...place),
        });
      } finally {
        database.exec("rollback");
      }
    },
    examine: async (isDeep) => examineSqlite(database, isDeep),
    async [Symbol.asyncDispose]() {
      database.close();
    },
  };
}

/** Undefined where there is no such table: what is wrong then is said by whoever looks at the schema. */
function prepared(database: DatabaseSync) {
  try {
    const statement = database.prepare(readEventsSql(() => "?"));
    statement.setReturnArrays(true);
    return statement;
  } catch {
    return undefined;
  }
}

function openReadOnly(file: string): DatabaseSync {
  try {
    return checked(new DatabaseSync(file, { readOnly: true, timeout: readTimeoutMs }));
  } catch (error) {
    if (error instanceof UnusableDatabase) throw error;
    try {
      // A copy in a folder that can't be written to: SQLite has no place for the files that it shares with writers.
      const url = new URL(`${pathToFileURL(file).href}?immutable=1`);
      return checked(new DatabaseSync(url, { readOnly: true }));
    } catch {
      const reason = error instanceof Error ? error.message : String(error);
      throw new UnusableDatabase(`cannot read ${file} (${reason}): check --data`, { cause: error });
    }
  }
}

const readTimeoutMs = 10_000;

function checked(database: DatabaseSync): DatabaseSync {
  try {
    refuseUnfit(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Events in a transaction of PostgreSQL's. */
export function eventsIn(tx: Kysely<Tables>): ReadingDatabase["readEvents"] {
  return async (afterId, upToId, limit) => {
    const query = sql<Record<string, never>>`select ${sql.raw(eventColumns.join(", "))} from event
      where id > ${afterId} and id <= ${upToId} order by id limit ${limit}`;
    return (await query.execute(tx)).rows.map((row) => eventColumns.map((column) => row[column] ?? null));
  };
}

function openServer(url: string, appendKeys: AppendKeys): ReadingDatabase {
  const pool = createConnectionPool(url, "readingAll", { max: 2 });
  const text = readEventsSql((n) => `$${n}`);
  const reader = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return {
    db: reader as unknown as Database,
    appendKeys,
    async readEvents(afterId, upToId, limit) {
      const { rows } = await pool.query<EventArray & unknown[]>({
        name: "read-events",
        text,
        values: [afterId, upToId, limit],
        rowMode: "array",
      });
      return rows;
    },
    atOneMoment: (work) =>
      momentOfServer(reader, (tx) =>
        work({
          db: tx as unknown as Database,
          readEvents: eventsIn(tx),
          lastDrawn: (table) => lastDrawnByServer(tx, table),
        }),
      ),
    examine: (isDeep) => examinePostgres(pool, isDeep),
    async [Symbol.asyncDispose]() {
      await reader.destroy();
    },
  };
}
