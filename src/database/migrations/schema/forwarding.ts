import type { SchemaPart } from "./building-blocks.ts";

/** Where events are sent to, how far each destination is, and what it refused. */
export const forwarding: SchemaPart = {
  audited: { destination: ["id"] },
  tables: ({ serial, integer, bytes, strict }) => [
    `create table destination (
      id ${serial},
      uuid text not null unique,
      name text not null unique,
      transport text not null,
      format text not null,
      settings text not null,
      filters text not null,
      token ${bytes},
      password ${bytes},
      signing_key ${bytes},
      client_key ${bytes},
      paused text,
      starts_after ${integer} not null,
      start_number ${integer} not null,
      orders text not null,
      created ${integer} not null,
      updated ${integer} not null
    ) ${strict}`,
    // Up to event_id all that matches was acknowledged, or is among the dead letters.
    `create table destination_position (
      destination_id ${integer} not null primary key references destination (id) on delete cascade,
      start_number ${integer} not null,
      event_id ${integer} not null,
      leaf_hash ${bytes} not null,
      delivered ${integer} not null,
      delivered_at ${integer},
      minute ${integer} not null,
      minute_delivered ${integer} not null,
      last_minute_delivered ${integer} not null,
      failing_since ${integer},
      last_error text,
      stalled_at ${integer},
      receipt_id ${integer} not null,
      receipt_hash ${bytes} not null,
      receipt_at ${integer} not null,
      since_receipt ${integer} not null,
      orders_done ${integer} not null
    ) ${strict}`,
    // Events that a destination refuses for good.
    `create table dead_letter (
      destination_id ${integer} not null references destination (id) on delete cascade,
      event_id ${integer} not null,
      why text not null,
      tries ${integer} not null,
      format text not null,
      noted ${integer} not null,
      primary key (destination_id, event_id)
    ) ${strict}`,
  ],
};
