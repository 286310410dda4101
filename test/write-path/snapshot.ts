import { DatabaseSync } from "node:sqlite";
import { CompiledQuery } from "kysely";
import type { ReadonlyCompiledQuery } from "kysely/readonly";
import pg from "pg";
import type { Database, DatabaseLocation } from "../../src/database/database.ts";
import { namesOfTables } from "../../src/database/owned-tables.ts";
import type { Tables } from "../../src/database/tables.ts";
import { tablesOfAll } from "../../src/slices.ts";
import type { FreshDatabase } from "../support/databases/databases.ts";

const tableNames = namesOfTables(await tablesOfAll());

/** Every row of every table as one text, in the order in which the database has them. */
export interface RowReader extends AsyncDisposable {
  text(): Promise<string>;
}

/**
 * Opens a connection that reads all rows by one statement, prepared once: the sweep looks at them after each of its
 * thousands of failures.
 */
export async function openRows(location: DatabaseLocation): Promise<RowReader> {
  return location.kind === "sqlite" ? openRowsOfFile(location.file) : openRowsOfPostgres(location.url);
}

function openRowsOfFile(file: string): RowReader {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  const columns = database.prepare("select name from pragma_table_info(?)");
  const each = tableNames.map((table) => {
    const quoted = columns.all(table).map(({ name }) => `quote("${String(name)}")`);
    return `select '${table}' as name, group_concat(concat_ws(',', ${quoted.join(", ")}), char(10)) as rows from "${table}"`;
  });
  const statement = database.prepare(each.join(" union all "));
  // Another number as soon as anybody else has committed a change, and only then: https://www.sqlite.org/pragma.html#pragma_data_version.
  const version = database.prepare("pragma data_version");
  let read = { version: -1, text: "" };
  return {
    async text() {
      const now = Number(version.get()?.["data_version"]);
      if (now !== read.version) read = { version: now, text: JSON.stringify(statement.all()) };
      return read.text;
    },
    async [Symbol.asyncDispose]() {
      database.close();
    },
  };
}

async function openRowsOfPostgres(url: string): Promise<RowReader> {
  const each = tableNames.map((table) => `select '${table}' as name, json_agg(it)::text as rows from "${table}" it`);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("set plan_cache_mode = force_generic_plan");
  return {
    async text() {
      return JSON.stringify((await client.query({ name: "rows", text: each.join(" union all ") })).rows);
    },
    [Symbol.asyncDispose]: async () => client.end(),
  };
}

type Row = Readonly<Record<string, unknown>>;
export type DatabaseRows = Readonly<Record<keyof Tables, readonly Row[]>>;

/** Every row of every table. */
export async function snapshot({ db, location }: Pick<FreshDatabase, "db" | "location">): Promise<DatabaseRows> {
  const found = location.kind === "postgres" ? await readAtOnce(db) : await readEach(db);
  const entries = tableNames.map((table) => [table, (found.get(table) ?? []).toSorted(byText)] as const);
  // `tableNames` has every name.
  return Object.fromEntries(entries) as unknown as DatabaseRows;
}

async function readEach(db: Database): Promise<ReadonlyMap<string, readonly Row[]>> {
  const found = new Map<string, readonly Row[]>();
  for (const table of tableNames) {
    // Any name of a table will do for the types: all columns are taken as they come.
    const rows = await db
      .selectFrom(table as "user")
      .selectAll()
      .execute();
    found.set(
      table,
      rows.map((row) => readable(row)),
    );
  }
  return found;
}

/** In one query: with one for each table most of the sweep's time would go into asking. */
async function readAtOnce(db: Database): Promise<ReadonlyMap<string, readonly Row[]>> {
  const each = tableNames.map((table) => `select '${table}' as name, json_agg(it) as rows from "${table}" it`);
  // It only reads, which its type doesn't say.
  const query = CompiledQuery.raw(each.join(" union all ")) as unknown as ReadonlyCompiledQuery<TableRows>;
  const { rows: found } = await db.executeQuery(query);
  return new Map(found.map(({ name, rows }) => [name, rows ?? []]));
}

interface TableRows {
  readonly name: string;
  readonly rows: readonly Row[] | null;
}

function readable(row: object): Row {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [column, value instanceof Uint8Array ? hex(value) : value]),
  );
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function byText(a: Row, b: Row): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

/** Without ids (PostgreSQL does not give the same twice), times of recording, and salts with what follows from them. */
export function withoutChance(snapshot: DatabaseRows): DatabaseRows {
  const chance =
    /^(id|user_id|session_id|node_id|tag_id|script_id|zone_id|pool_id|domain_id|owner_id|identity_id|provider_id|target_id|last_event_id|last_created|frontier|first_event_id|\w+_salt|commitments|leaf_hash|session|hashes|key_id|mac|newest_mac|state|salt)$/;
  const entries = Object.entries(snapshot).map(([table, rows]) => [
    table,
    rows
      .map((row) =>
        Object.fromEntries(
          Object.entries(row)
            .filter(
              ([column]) =>
                !chance.test(column) &&
                !(table === "event" && column === "created") &&
                !(table === "row_mac" && column === "key"),
            )
            .map(([column, value]) => [column, column === "details" ? withoutRevisions(value) : value]),
        ),
      )
      .sort(byText),
  ]);
  // The tables are those of `snapshot`.
  return Object.fromEntries(entries) as DatabaseRows;
}

/** The details of an event without the ids of a script's versions. */
function withoutRevisions(details: unknown): unknown {
  return typeof details === "string" ? details.replace(/"revision":\{[^}]*\}/, "") : details;
}
