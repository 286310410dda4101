import type { SchemaPart } from "./building-blocks.ts";

/** Other MAASes whose events are mirrored, and how far each of them is. */
export const mirroring: SchemaPart = {
  audited: { source: ["id"] },
  tables: ({ serial, integer, bytes, strict }) => [
    `create table source (
      id ${serial},
      uuid text not null unique,
      name text not null unique,
      database text,
      database_password ${bytes},
      url text,
      api_key ${bytes},
      username text,
      password ${bytes},
      allows_plain_http ${integer} not null check (allows_plain_http in (0, 1)),
      is_enabled ${integer} not null check (is_enabled in (0, 1)),
      generation ${integer} not null,
      created ${integer} not null,
      updated ${integer} not null
    ) ${strict}`,
    // What is behind recorded_to is settled: mirrored, or a gap that won't be filled.
    `create table source_position (
      source_id ${integer} not null primary key references source (id) on delete cascade,
      generation ${integer} not null,
      recorded_to ${integer} not null,
      reread_from ${integer},
      first_id ${integer},
      shown ${integer},
      place text,
      set_back text,
      read_at ${integer},
      grown_at ${integer},
      compared_to ${integer} not null,
      pass_started ${integer},
      pass_ended ${integer}
    ) ${strict}`,
    // Ids that aren't simply mirrored, in runs.
    `create table source_run (
      source_id ${integer} not null references source (id) on delete cascade,
      generation ${integer} not null,
      state text not null check (state in ('gap', 'vanished', 'changed')),
      first_id ${integer} not null,
      last_id ${integer} not null,
      noted ${integer} not null,
      primary key (source_id, generation, state, first_id)
    ) ${strict}`,
  ],
};
