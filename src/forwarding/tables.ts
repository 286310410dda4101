import type { Generated } from "kysely";
import { drawn, type OwnedTables } from "../database/owned-tables.ts";

/** The tables that the slice owns. */
export const forwardingTables: OwnedTables = {
  destination: { ...drawn, sealed: ["token", "password", "signing_key", "client_key"] },
  destination_position: { keys: ["destination_id"], rights: "change" },
  dead_letter: { keys: ["destination_id", "event_id"], rights: "change" },
};

declare module "../database/tables.ts" {
  interface DomainTables {
    destination: DestinationTable;
  }
  interface BookkeepingTables {
    destination_position: DestinationPositionTable;
    dead_letter: DeadLetterTable;
  }
}

export interface DestinationTable {
  id: Generated<number>;
  /** What the secrets are encrypted for. */
  uuid: string;
  name: string;
  transport: string;
  format: string;
  /** `DestinationSettings` as canonical JSON. */
  settings: string;
  /** `FilterSpan`s as canonical JSON, the oldest first. */
  filters: string;
  /** Encrypted, as are those below; null for none. */
  token: Uint8Array | null;
  password: Uint8Array | null;
  signing_key: Uint8Array | null;
  client_key: Uint8Array | null;
  /** Why nothing is sent to it; null while it is. */
  paused: string | null;
  /** The event behind which it began, or begins again. */
  starts_after: number;
  /** How often it began, from 1. */
  start_number: number;
  /** `DeadLetterOrder`s as canonical JSON, the oldest first. */
  orders: string;
  created: number;
  updated: number;
}

/** How far a destination is. Times are in microseconds. */
export interface DestinationPositionTable {
  destination_id: number;
  /** Which beginning it belongs to: another one's counts no more. */
  start_number: number;
  /** Up to this event it has all that it should. */
  event_id: number;
  leaf_hash: Uint8Array;
  /** How many events were acknowledged, repeats included. */
  delivered: number;
  delivered_at: number | null;
  /** The minute since 1970 in which that was, how many were acknowledged in it, and in the one before it. */
  minute: number;
  minute_delivered: number;
  last_minute_delivered: number;
  failing_since: number | null;
  last_error: string | null;
  /** Since when the log says that it has stalled. */
  stalled_at: number | null;
  /** What the last receipt says, and when that was recorded. */
  receipt_id: number;
  receipt_hash: Uint8Array;
  receipt_at: number;
  /** Events that were delivered since then, other than receipts and alerts. */
  since_receipt: number;
  /** The last order about dead letters that was carried out. */
  orders_done: number;
}

/** An event that a destination refuses for good. */
export interface DeadLetterTable {
  destination_id: number;
  event_id: number;
  why: string;
  tries: number;
  /** As what it was sent. */
  format: string;
  noted: number;
}
