import { sql } from "kysely";
import type { SchemaStep } from "./step.ts";
import { columnTypes } from "./building-blocks.ts";

/**
 * Nonces of signed requests beside each server's memory. `early_nonce` has those of requests that were dated ahead, which a
 * restart must not forget.
 *
 * On PostgreSQL `nonce` has all of them, for every server. It is unlogged: a crash empties it, and `nonce_start` with it, so
 * that the loss is seen.
 */
export const nonces: SchemaStep = {
  async up(db, kind) {
    const { integer, bytes, strict } = columnTypes(kind);
    const statements = [
      `create table early_nonce (id ${bytes} not null primary key, used ${integer} not null) ${strict}`,
      `create index early_nonce_used on early_nonce (used)`,
      ...(kind === "postgres" ? shared : []),
    ];
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};

const shared: readonly string[] = [
  `create unlogged table nonce (id bytea not null primary key, used bigint not null)`,
  `create index nonce_used on nonce (used)`,
  `create unlogged table nonce_start (one bigint not null primary key check (one = 1), since bigint not null)`,
  // Requests of before the upgrade are in some server's memory, or in none.
  `insert into nonce_start (one, since)
    select 1, case when exists (select from token) then ceil(extract(epoch from now()))::bigint else 0 end`,
];
