import type { SchemaPart } from "./building-blocks.ts";

/** People, their sessions and API keys. */
export const accounts: SchemaPart = {
  audited: {
    user: ["id"],
    session: ["id"],
    session_ended_by_password: ["token_hash"],
    token: ["id"],
    deleted_token: ["token_key"],
    realm_identity: ["id"],
  },
  tables: ({ serial, integer, bytes, strict }) => [
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
      updated ${integer} not null,
      is_auditor ${integer} check (is_auditor is null or (is_auditor = 1 and is_superuser = 0)),
      factor_since ${integer},
      role_since ${integer},
      is_break_glass ${integer} check (is_break_glass = 1),
      is_password_unset ${integer} check (is_password_unset = 1)
    ) ${strict}`,
    // A person of a mirrored source has no account here, but a realm and an id there.
    `create table session (
      id ${serial},
      user_id ${integer} references "user" (id),
      realm text,
      realm_user_id ${integer},
      token_hash ${bytes} not null unique,
      created ${integer} not null,
      ip text,
      user_agent text not null,
      factor_at ${integer},
      identity_id ${integer},
      provider_session text,
      check (user_id is not null or realm is not null),
      check ((realm is null) = (realm_user_id is null))
    ) ${strict}`,
    `create index session_of_user on session (user_id)`,
    `create index session_of_realm on session (realm, realm_user_id) where realm is not null`,
    `create index session_of_identity on session (identity_id)`,
    `create table realm_identity (
      id ${serial},
      user_id ${integer} not null references "user" (id),
      realm text not null,
      generation ${integer} not null,
      realm_user_id ${integer} not null,
      realm_username text not null,
      created ${integer} not null,
      unique (user_id, realm),
      unique (realm, generation, realm_user_id)
    ) ${strict}`,
    // Kept for as long as a cookie of it may come back, so that its owner is told why it ended.
    `create table session_ended_by_password (
      token_hash ${bytes} not null primary key,
      ended ${integer} not null
    ) ${strict}`,
    `create table token (
      id ${serial},
      user_id ${integer} not null references "user" (id),
      name text not null,
      consumer_key text not null unique,
      token_key text not null unique,
      secret_hash ${bytes} not null,
      created ${integer} not null,
      scopes text,
      expires ${integer},
      source text
    ) ${strict}`,
    `create index token_of_user on token (user_id)`,
    `create table deleted_token (
      token_key text not null primary key,
      consumer_key text not null,
      secret_hash ${bytes} not null,
      user_id ${integer} not null,
      username text not null,
      deleted ${integer} not null
    ) ${strict}`,
    `create index deleted_token_of_consumer on deleted_token (consumer_key)`,
    `create index deleted_token_of_secret on deleted_token (secret_hash)`,
    `create index token_of_secret on token (secret_hash)`,
  ],
};
