import { sql } from "kysely";
import { columnTypes, guardTable } from "../../../src/database/migrations/schema/building-blocks.ts";
import { noteChanges } from "../../../src/database/migrations/schema/note-changes.ts";
import type { SchemaStep } from "../../../src/database/migrations/step.ts";

/**
 * A step that ships with no Ironlog, for trying upgrades: a column of a table whose rows the log vouches for, an index over all
 * events, and a table with guards.
 */
export const nextStep: SchemaStep = {
  async up(db, kind) {
    const { serial, strict } = columnTypes(kind);
    const statements = [
      `alter table "user" add column nickname text`,
      "create index event_by_next on event (created, id)",
      `create table greeting (id ${serial}, words text not null) ${strict}`,
      ...guardTable(kind, "greeting"),
    ];
    for (const statement of statements) await sql.raw(statement).execute(db);
    // SQLite's triggers name the columns that they note.
    if (kind === "postgres") return;
    for (const verb of ["insert", "update", "delete"]) await sql.raw(`drop trigger user_${verb}_noted`).execute(db);
    const [, ...triggers] = await noteChanges(db, undefined, { user: ["id"] });
    for (const trigger of triggers) await sql.raw(trigger).execute(db);
  },
};
