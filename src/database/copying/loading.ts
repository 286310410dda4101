import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { Kysely, PostgresDialect, sql } from "kysely";
import type { Database, DatabaseLocation } from "../database.ts";
import { NodeSqliteDialect } from "../dialects/node-sqlite.ts";
import { createConnectionPool } from "../dialects/postgres.ts";
import { eventColumns } from "../event-columns.ts";
import { type EventArray, eventsIn, type Moment, type ReadingDatabase } from "../reading.ts";
import { lastDrawnByServer, lastDrawnInFile } from "./snapshot.ts";
import { authenticateRows } from "../writing/row-authentication.ts";
import { newestBesideRows } from "../writing/catch-up.ts";
import { originQuery } from "../writing/read-head.ts";
import { AppendKeys } from "../writing/append-keys.ts";
import type { StoredRow } from "./snapshot.ts";
import type { TableName } from "../owned-tables.ts";
import type { Tables } from "../tables.ts";

/** A database that is being filled with a copy: in one transaction, under the same guards as everything else. */
export interface Loading {
  /** What has been loaded so far, to be verified before it counts. */
  readonly reading: ReadingDatabase;
  /** Inserts rows; tables in the order of a copy. */
  insert(table: TableName, rows: readonly StoredRow[]): Promise<void>;
  /** Gives the rows that have been loaded codes of this place's own append key. */
  authenticateRows(): Promise<void>;
  /** Makes the database go on from the last key that was drawn. */
  setLastDrawn(table: TableName, last: number): Promise<void>;
}

/**
 * Runs `load` in one transaction over a database whose tables are there and which nobody has used. What throws leaves it as
 * it was.
 */
export function loadInto(location: DatabaseLocation, load: (loading: Loading) => Promise<void>): Promise<void> {
  const keys = new AppendKeys(location.appendKeyFile);
  // The log goes on here, under this place's own key.
  keys.makeIfMissing();
  return location.kind === "sqlite" ? intoFile(location.file, keys, load) : intoServer(location.url, keys, load);
}

/** What a new database holds: its own head and the first zone, pool and domain, which the copy has too. */
const madeByMigrations: readonly TableName[] = ["zone", "pool", "domain"];

async function intoFile(file: string, keys: AppendKeys, load: (loading: Loading) => Promise<void>): Promise<void> {
  const database = new DatabaseSync(file, { timeout: 10_000, enableForeignKeyConstraints: true });
  try {
    database.exec("pragma synchronous = full; begin immediate; insert into open_action (one, event_id) values (1, 1)");
    for (const table of madeByMigrations) database.exec(`delete from "${table}"`);
    const db = new Kysely<Tables>({ dialect: new NodeSqliteDialect(database) });
    await load({
      reading: readingOf(
        db,
        keys,
        async (after, upTo, limit) => {
          const statement = database.prepare(readEvents((n) => `?${n}`));
          statement.setReturnArrays(true);
          return statement.all(after, upTo, limit) as unknown as readonly EventArray[];
        },
        (table) => lastDrawnInFile(db, table),
      ),
      async insert(table, rows) {
        const [first] = rows;
        if (first === undefined) return;
        if (table === "log_head") {
          const { origin = null } = database.prepare(originQuery).get() ?? {};
          const head = await headOf(first, origin, db, keys);
          const move = database.prepare(
            "update log_head set last_event_id = ?, last_created = ?, frontier = ?, key_id = ?, mac = ?, newest_mac = ?",
          );
          move.run(head.last_event_id, head.last_created, head.frontier, head.key_id, head.mac, head.newest_mac);
          return;
        }
        const columns = Object.keys(first);
        const names = columns.map((column) => `"${column}"`).join(", ");
        const statement = database.prepare(
          // The first failure ends it all.
          `insert or fail into "${table}" (${names}) values (${columns.map(() => "?").join(", ")})`,
        );
        for (const row of rows) statement.run(...columns.map((column): SQLInputValue => row[column] ?? null));
      },
      authenticateRows: () => authenticateRows(db as unknown as Database, keys, toFirstKey),
      async setLastDrawn(table, last) {
        database.prepare("delete from sqlite_sequence where name = ?").run(table);
        database.prepare("insert into sqlite_sequence (name, seq) values (?, ?)").run(table, last);
      },
    });
    // What triggers have noted of the loaded rows was said where they come from.
    database.exec("delete from row_change; delete from open_action; commit");
  } finally {
    // Closing takes back whatever was not committed.
    database.close();
  }
}

async function intoServer(url: string, keys: AppendKeys, load: (loading: Loading) => Promise<void>): Promise<void> {
  const pool = createConnectionPool(url, "building", { max: 1, query_timeout: 0 });
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await db.transaction().execute(async (tx) => {
      await sql`select one from log_head for update`.execute(tx);
      await sql`select set_config('ironlog.event_id', '1', true)`.execute(tx);
      for (const table of madeByMigrations) await sql.raw(`delete from "${table}"`).execute(tx);
      // What was signed for where the copy comes from may have been used there.
      await sql`update nonce_start set since = ceil(extract(epoch from clock_timestamp()))`.execute(tx);
      await load({
        reading: readingOf(tx, keys, eventsIn(tx), (table) => lastDrawnByServer(tx, table)),
        async insert(table, rows) {
          const [first] = rows;
          if (first === undefined) return;
          if (table === "log_head") {
            const { rows: names } = await sql<{ origin: string }>`${sql.raw(originQuery)}`.execute(tx);
            const head = await headOf(first, names[0]?.origin ?? null, tx, keys);
            await sql`update log_head set last_event_id = ${head.last_event_id}, last_created = ${head.last_created},
              frontier = ${head.frontier}, key_id = ${head.key_id}, mac = ${head.mac}, newest_mac = ${head.newest_mac}`.execute(
              tx,
            );
            return;
          }
          const json = JSON.stringify(rows.map(asJson));
          const names = Object.keys(first)
            .map((column) => `"${column}"`)
            .join(", ");
          await sql`insert into ${sql.table(table)} (${sql.raw(names)})
            select ${sql.raw(names)} from jsonb_populate_recordset(null::${sql.table(table)}, ${json}::jsonb)`.execute(
            tx,
          );
        },
        authenticateRows: () => authenticateRows(tx as unknown as Database, keys, toFirstKey),
        async setLastDrawn(table, last) {
          if (last > 0) await sql`select setval(pg_get_serial_sequence(${`"${table}"`}, 'id'), ${last})`.execute(tx);
        },
      });
    });
  } finally {
    await db.destroy();
  }
}

/** What is loaded is held against the log before it counts. */
const toFirstKey = { headKey: null, isChecked: false } as const;

/** The head as it stands in a copy, authenticated by the key of the place that it comes to. */
async function headOf(row: StoredRow, origin: unknown, db: Kysely<Tables>, keys: AppendKeys) {
  const { last_event_id, last_created, frontier } = row;
  if (typeof last_event_id !== "number" || typeof last_created !== "number" || !(frontier instanceof Uint8Array)) {
    throw new Error("its head of the log is none");
  }
  const head = {
    last_event_id,
    last_created,
    frontier,
    origin: typeof origin === "string" ? origin : null,
  };
  const newest = await newestBesideRows(db as unknown as Database);
  return { ...head, ...keys.authenticate(head, { mac: keys.newestMac(newest) }, null) };
}

/** PostgreSQL reads bytes in text from hexadecimal digits. */
function asJson(row: StoredRow): Readonly<Record<string, string | number | null>> {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      value instanceof Uint8Array ? `\\x${Buffer.from(value).toString("hex")}` : value,
    ]),
  );
}

const readEvents = (place: (n: number) => string): string =>
  `select ${eventColumns.join(", ")} from event where id > ${place(1)} and id <= ${place(2)} order by id limit ${place(3)}`;

function readingOf(
  db: Kysely<Tables>,
  appendKeys: AppendKeys,
  readEvents: ReadingDatabase["readEvents"],
  lastDrawn: Moment["lastDrawn"],
): ReadingDatabase {
  const moment = { db: db as unknown as Database, readEvents, lastDrawn };
  // It is part of the transaction, which is one moment and ends by itself.
  return { ...moment, appendKeys, atOneMoment: (work) => work(moment), async [Symbol.asyncDispose]() {} };
}

/** True if nobody has ever used the database: no event, no user. */
export async function isUnused(db: Database): Promise<boolean> {
  const { last_event_id } = await db.selectFrom("log_head").select("last_event_id").executeTakeFirstOrThrow();
  const user = await db.selectFrom("user").select("id").limit(1).executeTakeFirst();
  return last_event_id === 0 && user === undefined;
}
