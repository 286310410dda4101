import type { SchemaPart } from "./building-blocks.ts";

/**
 * What the machine notes for itself.
 *
 * On PostgreSQL `nonce` and `worker_lease` are unlogged: a crash empties them. With the nonces it empties `nonce_start`, so that
 * the loss is seen. The holders of leases write them again every few seconds, and the lock that counts is none of their rows.
 */
export const bookkeeping: SchemaPart = {
  tables: ({ integer, bytes, strict }, kind) => [
    `create table session_use (
      session_id ${integer} not null primary key references session (id) on delete cascade,
      last_used ${integer} not null,
      ip text
    ) ${strict}`,
    `create table token_use (
      token_id ${integer} not null primary key references token (id) on delete cascade,
      last_used ${integer} not null,
      ip text
    ) ${strict}`,
    // Of requests that were dated ahead: a restart must not forget them.
    `create table early_nonce (id ${bytes} not null primary key, used ${integer} not null) ${strict}`,
    `create index early_nonce_used on early_nonce (used)`,
    // The last event that each worker has done its work on, by id and by hash: another history may have another one under that id.
    `create table worker_cursor (
      worker text not null primary key,
      event_id ${integer} not null,
      leaf_hash ${bytes} not null,
      moved ${integer} not null
    ) ${strict}`,
    ...(kind === "postgres" ? shared : []),
  ],
};

const shared: readonly string[] = [
  `create unlogged table nonce (id bytea not null primary key, used bigint not null)`,
  `create index nonce_used on nonce (used)`,
  `create unlogged table nonce_start (one bigint not null primary key check (one = 1), since bigint not null)`,
  `insert into nonce_start (one, since) values (1, 0)`,
  `create unlogged table worker_lease (
    worker text not null primary key,
    holder text,
    backend integer,
    since bigint,
    status text,
    requested bigint not null default 0,
    answered bigint not null default 0
  )`,
];
