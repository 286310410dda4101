import { sql } from "kysely";
import type { SchemaStep } from "./step.ts";
import { columnTypes, guardTable } from "./building-blocks.ts";

/** What API keys are narrowed to and when they end; the keys that make a repeated report harmless. */
export const reports: SchemaStep = {
  async up(db, kind) {
    const { serial, integer, bytes, strict } = columnTypes(kind);
    const statements = [
      `alter table token add column scopes text`,
      `alter table token add column expires ${integer}`,
      // Its user may be deleted; the key stays, or a repeat would be recorded again.
      `create table report (
        id ${serial},
        user_id ${integer} not null,
        covers text not null,
        key text not null,
        digest ${bytes} not null,
        first_event_id ${integer} not null,
        event_count ${integer} not null
      ) ${strict}`,
      `create unique index report_key on report (user_id, covers, key)`,
      ...guardTable(kind, "report"),
    ];
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
