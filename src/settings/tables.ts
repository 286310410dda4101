import type { OwnedTables } from "../database/owned-tables.ts";

/** The tables that the slice owns. */
export const settingsTables: OwnedTables = {
  setting: { keys: ["name"], rights: "change" },
};

declare module "../database/tables.ts" {
  interface DomainTables {
    setting: SettingTable;
  }
}

/** A setting that somebody has set; the others have their initial values. */
export interface SettingTable {
  name: string;
  /** JSON of the value. */
  value: string;
  updated: number;
}
