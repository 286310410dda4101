import { sql } from "kysely";
import type { SchemaStep } from "./step.ts";
import { columnTypes, guardTable } from "./building-blocks.ts";

/** The settings that somebody has set; the others are what the program says. */
export const settings: SchemaStep = {
  async up(db, kind) {
    const { integer, strict } = columnTypes(kind);
    const table = `create table setting (
      name text not null primary key,
      value text not null,
      updated ${integer} not null
    ) ${strict}`;
    for (const statement of [table, ...guardTable(kind, "setting")]) await sql.raw(statement).execute(db);
  },
};
