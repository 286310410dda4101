import { sql } from "kysely";
import type { SchemaStep } from "./step.ts";
import { columnTypes, guardTable } from "./building-blocks.ts";

/** SSH and SSL keys of users. */
export const keys: SchemaStep = {
  async up(db, kind) {
    const { serial, integer, strict } = columnTypes(kind);
    const statements = [
      `create table ssh_key (
        id ${serial},
        user_id ${integer} not null references "user" (id),
        key text not null,
        fingerprint text not null,
        source text,
        created ${integer} not null
      ) ${strict}`,
      `create index ssh_key_of_user on ssh_key (user_id)`,
      `create table ssl_key (
        id ${serial},
        user_id ${integer} not null references "user" (id),
        key text not null,
        subject text not null,
        fingerprint text not null,
        expires ${integer} not null,
        created ${integer} not null
      ) ${strict}`,
      `create index ssl_key_of_user on ssl_key (user_id)`,
      ...guardTable(kind, "ssh_key"),
      ...guardTable(kind, "ssl_key"),
    ];
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
