import type { Generated } from "kysely";
import { drawn, type OwnedTables } from "../database/owned-tables.ts";

/** The tables that the slice owns. */
export const eventsTables: OwnedTables = {
  report: drawn,
};

declare module "../database/tables.ts" {
  interface DomainTables {
    report: ReportTable;
  }
}

/** A key under which events were reported from outside, and which events those are. */
export interface ReportTable {
  id: Generated<number>;
  /** Who reported them: keys of others are theirs. */
  user_id: number;
  /** `event` or `request`. */
  covers: string;
  key: string;
  /** SHA-256 of what was reported, to tell a repeat from another report under the same key. */
  digest: Uint8Array;
  first_event_id: number;
  event_count: number;
}
