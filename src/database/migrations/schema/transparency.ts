import type { SchemaPart } from "./building-blocks.ts";

/** The log's identities and moves, and its checkpoints. */
export const transparency: SchemaPart = {
  audited: { log_identity: ["id"] },
  // A verification holds it against the events that tell of it: it goes with a log that comes back.
  guarded: ["log_move"],
  tables: ({ serial, integer, strict }) => [
    `create table log_identity (
      id ${serial},
      origin text not null unique,
      log_key text not null,
      cosigner_key text not null,
      since_size ${integer} not null,
      created ${integer} not null
    ) ${strict}`,
    `create table log_move (
      id ${serial},
      moved ${integer} not null
    ) ${strict}`,
    `create table checkpoint (
      id ${integer} not null primary key,
      size ${integer} not null,
      note text not null,
      signed ${integer} not null
    ) ${strict}`,
  ],
};
