import type { Generated } from "kysely";
import { drawn, type OwnedTables } from "../database/owned-tables.ts";

/** The tables that the slice owns. */
export const viewsTables: OwnedTables = {
  view: drawn,
  default_view: { keys: ["user_id"], rights: "change" },
};

declare module "../database/tables.ts" {
  interface DomainTables {
    view: ViewTable;
    default_view: DefaultViewTable;
  }
}

export interface ViewTable {
  id: Generated<number>;
  user_id: number;
  name: string;
  /** As it stands in the filter line of the events page. */
  filter: string;
  /** Names of columns, as JSON; null for those that the page shows by itself. */
  columns: string | null;
  sort: string;
  is_shared: number;
  created: number;
  updated: number;
}

/** The view that somebody's events page opens with. */
export interface DefaultViewTable {
  user_id: number;
  view_id: number;
}
