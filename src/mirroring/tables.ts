import type { Generated } from "kysely";
import { drawn, type OwnedTables } from "../database/owned-tables.ts";

/** The tables that the slice owns. */
export const mirroringTables: OwnedTables = {
  source: { ...drawn, sealed: ["database_password", "api_key", "password"] },
  source_position: { keys: ["source_id"], rights: "change" },
  source_run: { keys: ["source_id", "generation", "state", "first_id"], rights: "change" },
};

declare module "../database/tables.ts" {
  interface DomainTables {
    source: SourceTable;
  }
  interface BookkeepingTables {
    source_position: SourcePositionTable;
    source_run: SourceRunTable;
  }
}

export interface SourceTable {
  id: Generated<number>;
  /** What the secrets are encrypted for. */
  uuid: string;
  name: string;
  /** A URL of PostgreSQL, without a password; null where that MAAS is read over an API. */
  database: string | null;
  /** Encrypted, as are those below; null for none. */
  database_password: Uint8Array | null;
  /** Where that MAAS answers; null where only its database is known. */
  url: string | null;
  api_key: Uint8Array | null;
  /** Who logs in to API v3; null where nobody does. */
  username: string | null;
  password: Uint8Array | null;
  allows_plain_http: number;
  is_enabled: number;
  /** How often it was set back, from 1: the same ids mean other events in another generation. */
  generation: number;
  created: number;
  updated: number;
}

/** How far a source has been read. */
export interface SourcePositionTable {
  source_id: number;
  generation: number;
  /** Every id up to this one is recorded here, or is a gap; over an API, the highest one that was shown. */
  recorded_to: number;
  /** Over an API: what it shows behind this id is read again, since an older id may still appear. Null by the database. */
  reread_from: number | null;
  /** Over an API: the lowest id that it showed, and how many; null by the database. */
  first_id: number | null;
  shown: number | null;
  /** Which database it was when it was read last, as text of JSON; null before that. */
  place: string | null;
  /** Why it isn't read any more; null while it is. */
  set_back: string | null;
  /** When it was read last, and when there was something new, in microseconds. */
  read_at: number | null;
  grown_at: number | null;
  /** Up to which id the pass that is under way has compared its rows with what is recorded; 0 between two passes. */
  compared_to: number;
  pass_started: number | null;
  pass_ended: number | null;
}

/** What ids are, where they aren't simply mirrored. */
export type RunState =
  /** There was no such row when it could have come: its transaction was rolled back, or it was deleted before. */
  | "gap"
  /** It was mirrored, and isn't there any more. */
  | "vanished"
  /** It was mirrored, and its content is another now. */
  | "changed";

/** Ids in a row that are all in one state. */
export interface SourceRunTable {
  source_id: number;
  generation: number;
  state: RunState;
  first_id: number;
  last_id: number;
  /** When it was found, in microseconds. */
  noted: number;
}
