import type { SchemaPart } from "./building-blocks.ts";

/** SSH and SSL keys of users. */
export const keys: SchemaPart = {
  audited: { ssh_key: ["id"], ssl_key: ["id"] },
  tables: ({ serial, integer, strict }) => [
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
  ],
};
