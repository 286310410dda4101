import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { Kysely, PostgresDialect, sql } from "kysely";
import type { Database, DatabaseLocation } from "./database.ts";
import { NodeSqliteDialect } from "./dialects/node-sqlite.ts";
import { createConnectionPool } from "./dialects/postgres.ts";
import { refuseUnfit } from "./dialects/sqlite.ts";
import { eventColumns } from "./event-columns.ts";
import { UnusableDatabase } from "./failures.ts";
import { schemaSteps } from "./migrate.ts";
import type { Tables } from "./tables.ts";
import { namingMend } from "./unusable.ts";

/** A row of `event` as an array, in the order of `eventColumns`: a third of what an object costs to read. */
export type EventArray = readonly SQLOutputValue[];

/** A database that is only looked at: nothing in it is changed, nor could be. */
export interface ReadingDatabase extends AsyncDisposable {
  readonly db: Database;
  /** At most `limit` rows with `afterId < id <= upToId`, oldest first. */
  readEvents(afterId: number, upToId: number, limit: number): Promise<readonly EventArray[]>;
}

/**
 * Opens what is there, on connections of its own, without bringing its tables up to date; a read-only copy will do.
 *
 * Throws `UnusableDatabase` where it isn't there, or is of another version of the program.
 */
export async function openForReading(location: DatabaseLocation): Promise<ReadingDatabase> {
  const reading = location.kind === "sqlite" ? openFile(location.file) : openServer(location.url);
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
    throw new UnusableDatabase("there is no log of Ironlog there: check --data and --database", { cause: error });
  }
  const missing = schemaSteps.filter((step) => !applied.includes(step));
  if (missing.length > 0) {
    throw new UnusableDatabase(
      `its tables are older than this program (${missing.join(", ")}): run ironlog serve once`,
    );
  }
  if (applied.length > schemaSteps.length) {
    throw new UnusableDatabase("its tables are newer than this program: use the version that wrote them");
  }
}

/** Anything else that stands in the way says nothing of what is there. */
function hasNoTable(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return error.code === "42P01" || (error.code === "ERR_SQLITE_ERROR" && error.message.includes("no such table"));
}

const readEventsSql = (place: (n: number) => string): string =>
  `select ${eventColumns.join(", ")} from event where id > ${place(1)} and id <= ${place(2)} order by id limit ${place(3)}`;

function openFile(file: string): ReadingDatabase {
  const database = openReadOnly(file);
  const statement = prepared(database);
  return {
    // The same object behind a type that has no way to write; the connection refuses it as well.
    db: new Kysely<Tables>({ dialect: new NodeSqliteDialect(database) }) as unknown as Database,
    async readEvents(afterId, upToId, limit) {
      // With `setReturnArrays` rows are arrays, which the types don't know.
      return (statement?.all(afterId, upToId, limit) ?? []) as unknown as readonly EventArray[];
    },
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

function openServer(url: string): ReadingDatabase {
  const pool = createConnectionPool(url, "readingAll", { max: 2 });
  const text = readEventsSql((n) => `$${n}`);
  const reader = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return {
    db: reader as unknown as Database,
    async readEvents(afterId, upToId, limit) {
      const { rows } = await pool.query<EventArray & unknown[]>({
        name: "read-events",
        text,
        values: [afterId, upToId, limit],
        rowMode: "array",
      });
      return rows;
    },
    async [Symbol.asyncDispose]() {
      await reader.destroy();
    },
  };
}
