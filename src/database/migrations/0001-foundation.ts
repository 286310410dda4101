import { sql } from "kysely";
import type { SchemaStep } from "./step.ts";
import { type ColumnTypes, columnTypes } from "./building-blocks.ts";
import { postgresGuards, sqliteGuards } from "./0001-guards.ts";

/** People, their sessions and tokens, and the log. */
export const foundation: SchemaStep = {
  async up(db, kind) {
    const statements = [
      ...tables(columnTypes(kind)),
      ...indexes,
      ...(kind === "sqlite" ? sqliteGuards : postgresGuards),
    ];
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};

const tables = ({ serial, integer, bytes, strict }: ColumnTypes): readonly string[] => [
  `create table "user" (
    id ${serial},
    username text not null unique,
    last_name text not null,
    email text not null,
    email_key text unique,
    password_hash text not null,
    is_superuser ${integer} not null check (is_superuser in (0, 1)),
    is_active ${integer} not null check (is_active in (0, 1)),
    created ${integer} not null,
    updated ${integer} not null
  ) ${strict}`,
  `create table session (
    id ${serial},
    user_id ${integer} not null references "user" (id),
    token_hash ${bytes} not null unique,
    created ${integer} not null,
    ip text,
    user_agent text not null
  ) ${strict}`,
  `create table session_use (
    session_id ${integer} not null primary key references session (id) on delete cascade,
    last_used ${integer} not null
  ) ${strict}`,
  `create table token (
    id ${serial},
    user_id ${integer} not null references "user" (id),
    name text not null,
    consumer_key text not null unique,
    token_key text not null unique,
    secret_hash ${bytes} not null,
    created ${integer} not null
  ) ${strict}`,
  `create table deleted_token (
    token_key text not null primary key,
    consumer_key text not null,
    secret_hash ${bytes} not null,
    user_id ${integer} not null,
    username text not null,
    deleted ${integer} not null
  ) ${strict}`,
  `create table event (
    id ${integer} not null primary key,
    level ${integer} not null,
    type text not null,
    action text not null,
    outcome text not null check (outcome in ('success', 'failure')),
    source text not null check (source in ('ironlog', 'external')),
    created ${integer} not null,
    occurred ${integer},
    user_id ${integer},
    username text,
    actor_salt ${bytes},
    ip text,
    user_agent text,
    endpoint text,
    trace_id text,
    forwarded text,
    reporter_id ${integer},
    reporter text,
    origin_salt ${bytes},
    target_kind text,
    target_id text,
    target_name text,
    description text,
    details text,
    subject_salt ${bytes},
    node text,
    hostname text,
    node_salt ${bytes},
    sealed ${bytes} not null,
    leaf_hash ${bytes} not null
  ) ${strict}`,
  `create table log_head (
    one ${integer} not null primary key check (one = 1),
    last_event_id ${integer} not null,
    last_created ${integer} not null
  ) ${strict}`,
  `insert into log_head (one, last_event_id, last_created) values (1, 0, 0)`,
];

/** One for each way to page through the log: what is asked for first, the id last. */
const indexes: readonly string[] = [
  `create index session_of_user on session (user_id)`,
  `create index token_of_user on token (user_id)`,
  `create index event_level on event (level, id)`,
  `create index event_user on event (user_id, level, id)`,
  `create index event_username on event (username, level, id)`,
  `create index event_action on event (action, id)`,
  `create index event_type on event (type, id)`,
  `create index event_failure on event (id) where outcome = 'failure'`,
  `create index event_external on event (id) where source = 'external'`,
  `create index event_ip on event (ip, id) where ip is not null`,
  `create index event_node on event (node, id) where node is not null`,
  `create index event_target on event (target_name, id) where target_name is not null`,
  `create index event_trace on event (trace_id, id) where trace_id is not null`,
  `create index event_created on event (created, id)`,
];
