import type { SchemaPart } from "./building-blocks.ts";

/** Second factors of users, and which of their codes were used. */
export const secondFactor: SchemaPart = {
  audited: { totp_device: ["id"], passkey: ["id"], recovery_code: ["id"] },
  tables: ({ serial, integer, bytes, strict }) => [
    `create table totp_device (
      id ${serial},
      uuid text not null unique,
      user_id ${integer} not null references "user" (id),
      name text not null,
      secret ${bytes} not null,
      created ${integer} not null
    ) ${strict}`,
    `create index totp_device_of_user on totp_device (user_id)`,
    `create table passkey (
      id ${serial},
      uuid text not null unique,
      user_id ${integer} not null references "user" (id),
      name text not null,
      rp_id text not null,
      credential_id ${bytes} not null unique,
      public_key ${bytes} not null,
      transports text not null,
      created ${integer} not null
    ) ${strict}`,
    `create index passkey_of_user on passkey (user_id)`,
    `create table recovery_code (
      id ${serial},
      user_id ${integer} not null references "user" (id),
      code_hash ${bytes} not null
    ) ${strict}`,
    `create index recovery_code_of_user on recovery_code (user_id)`,
    // The time step of the last code that was taken: none is taken twice (RFC 6238 section 5.2).
    `create table totp_use (
      device_id ${integer} not null primary key references totp_device (id) on delete cascade,
      step ${integer} not null
    ) ${strict}`,
    `create table passkey_use (
      passkey_id ${integer} not null primary key references passkey (id) on delete cascade,
      counter ${integer} not null,
      last_used ${integer} not null
    ) ${strict}`,
    // Logins and enrolments that were begun, and can't be finished twice.
    `create table spent_state (id text not null primary key, expires ${integer} not null) ${strict}`,
    `create index spent_state_expires on spent_state (expires)`,
  ],
};
