import { type Kysely, sql } from "kysely";
import type { Tables } from "../../tables.ts";

/**
 * Triggers that note what becomes of each row of the audited tables, by their names and keys, for the event of the action that does
 * it. `schema` is that of the tables on PostgreSQL, undefined on SQLite. SQLite keeps the notes in a table that is empty outside of actions; PostgreSQL sends them to the client as messages of level
 * INFO, which cost no journey, and counts them, so that none can be missed.
 */
export async function noteChanges(
  db: Kysely<Tables>,
  schema: string | undefined,
  audited: Readonly<Record<string, readonly string[]>>,
): Promise<readonly string[]> {
  if (schema !== undefined) return postgresNotes(schema, audited);
  const triggers: string[] = [];
  for (const [table, keys] of Object.entries(audited)) {
    const { rows } = await sql<Column>`select name, type from pragma_table_info(${table})`.execute(db);
    triggers.push(...sqliteTriggers(table, keys, rows));
  }
  return [
    `create table row_change (
      id integer primary key,
      table_name text not null,
      key text not null,
      before text,
      after text
    ) strict`,
    ...triggers,
  ];
}

interface Column {
  readonly name: string;
  readonly type: string;
}

/** A row as JSON, its bytes as PostgreSQL writes them. */
function sqliteImage(row: "new" | "old", columns: readonly Column[]): string {
  const members = columns.map(({ name, type }) => `'${name}', ${sqliteValue(row, { name, type })}`);
  return `json_object(${members.join(", ")})`;
}

function sqliteValue(row: "new" | "old", { name, type }: Column): string {
  const value = `${row}."${name}"`;
  return type === "BLOB" ? `iif(${value} is null, null, '\\x' || lower(hex(${value})))` : value;
}

function sqliteTriggers(table: string, keys: readonly string[], columns: readonly Column[]): readonly string[] {
  const key = (row: "new" | "old"): string =>
    columns
      .filter(({ name }) => keys.includes(name))
      .map((column) => sqliteValue(row, column))
      .join(" || '/' || ");
  const note = (verb: string, row: "new" | "old", before: string, after: string): string =>
    `create trigger ${table}_${verb}_noted after ${verb} on "${table}"
      begin insert into row_change (table_name, key, before, after) values ('${table}', ${key(row)}, ${before}, ${after}); end`;
  return [
    note("insert", "new", "null", sqliteImage("new", columns)),
    note("update", "old", sqliteImage("old", columns), sqliteImage("new", columns)),
    note("delete", "old", sqliteImage("old", columns), "null"),
  ];
}

function postgresNotes(schema: string, audited: Readonly<Record<string, readonly string[]>>): readonly string[] {
  const path = `"${schema.replaceAll('"', '""')}", pg_temp`;
  return [
    `create function ironlog_note_change() returns trigger language plpgsql set search_path = ${path} as $$
      declare
        old_row jsonb;
        new_row jsonb;
        image jsonb;
        row_key text;
        beside jsonb;
        counted text;
      begin
        if tg_op <> 'INSERT' then old_row := to_jsonb(old); end if;
        if tg_op <> 'DELETE' then new_row := to_jsonb(new); end if;
        image := coalesce(old_row, new_row);
        row_key := image ->> tg_argv[0];
        for place in 1 .. tg_nargs - 1 loop
          row_key := row_key || '/' || (image ->> tg_argv[place]);
        end loop;
        -- Nothing stands beside a row that is only born.
        if tg_op <> 'INSERT' then
          select to_jsonb(row_mac) into beside from row_mac where table_name = tg_table_name and key = row_key;
        end if;
        raise info 'ironlog change %', jsonb_build_array(tg_table_name, row_key, old_row, new_row, beside);
        counted := (coalesce(nullif(current_setting('ironlog.changes', true), ''), '0')::bigint + 1)::text;
        counted := set_config('ironlog.changes', counted, true);
        return null;
      end $$`,
    ...Object.entries(audited).map(
      ([table, keys]) =>
        `create trigger ${table}_noted after insert or update or delete on "${table}"
          for each row execute function ironlog_note_change(${keys.map((name) => `'${name}'`).join(", ")})`,
    ),
  ];
}
