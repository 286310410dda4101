import type { DatabaseSync } from "node:sqlite";
import { schemaOf, type SchemaText } from "./schema.ts";

interface SchemaRow {
  readonly type: string;
  readonly name: string;
  readonly tbl_name: string;
  readonly sql: string | null;
}

/** The schema of a file, in the words that made it. Tables that `analyze` fills are SQLite's own. */
export function readSqliteSchema(database: DatabaseSync): SchemaText {
  const rows = database
    .prepare(
      `select type, name, tbl_name, sql from sqlite_schema
        where not (type = 'table' and name in ('sqlite_stat1', 'sqlite_stat4')) order by rowid`,
    )
    // The column list is the type.
    .all() as unknown as readonly SchemaRow[];
  return schemaOf(
    rows.map(({ type, name, tbl_name, sql }) => ({
      table: tbl_name,
      object: type === "table" && name === tbl_name ? "table" : `${type} ${name}`,
      text: sql ?? "",
    })),
  );
}
