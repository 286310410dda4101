import { sql } from "kysely";
import type { SchemaStep } from "./step.ts";
import { columnTypes, guardTable } from "./building-blocks.ts";

/** Sessions that ended since the password was changed, so that whoever comes back with one is told why. */
export const passwordEnds: SchemaStep = {
  async up(db, kind) {
    const { integer, bytes, strict } = columnTypes(kind);
    const statements = [
      `create table session_ended_by_password (
        token_hash ${bytes} not null primary key,
        ended ${integer} not null
      ) ${strict}`,
      ...guardTable(kind, "session_ended_by_password"),
    ];
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
