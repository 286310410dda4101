import type { SchemaPart } from "./building-blocks.ts";

/** Other systems that say who somebody is, and whom each of them knows. */
export const oidc: SchemaPart = {
  audited: { oidc_provider: ["id"], oidc_identity: ["id"] },
  tables: ({ serial, integer, bytes, strict }) => [
    `create table oidc_provider (
      id ${serial},
      uuid text not null unique,
      name text not null unique,
      title text not null,
      issuer text not null,
      client_id text not null,
      client_secret ${bytes},
      scopes text not null,
      accounts text not null check (accounts in ('link', 'create')),
      username_claim text not null,
      role_claim text not null,
      administrator_value text not null,
      auditor_value text not null,
      required_claim text not null,
      required_value text not null,
      is_enabled ${integer} not null check (is_enabled in (0, 1)),
      created ${integer} not null,
      updated ${integer} not null
    ) ${strict}`,
    `create table oidc_identity (
      id ${serial},
      user_id ${integer} not null references "user" (id),
      provider_id ${integer} not null references oidc_provider (id),
      subject text not null,
      created ${integer} not null,
      last_login ${integer},
      unique (provider_id, subject),
      unique (user_id, provider_id)
    ) ${strict}`,
  ],
};
