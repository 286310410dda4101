import { sql } from "kysely";
import type { SchemaStep } from "./step.ts";
import { columnTypes } from "./building-blocks.ts";

/**
 * How far each worker has followed the log: the last event that it has done its work on, by id and by hash, since another
 * history may have another event under the same id.
 *
 * On PostgreSQL `worker_lease` says which server does which work. It is unlogged: its holders write it again every few
 * seconds, and the lock that counts is none of its rows.
 */
export const workers: SchemaStep = {
  async up(db, kind) {
    const { integer, bytes, strict } = columnTypes(kind);
    const statements = [
      `create table worker_cursor (
        worker text not null primary key,
        event_id ${integer} not null,
        leaf_hash ${bytes} not null,
        moved ${integer} not null
      ) ${strict}`,
      ...(kind === "postgres" ? [lease] : []),
    ];
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};

const lease = `create unlogged table worker_lease (
    worker text not null primary key,
    holder text,
    backend integer,
    since bigint,
    status text,
    requested bigint not null default 0,
    answered bigint not null default 0
  )`;
