import type { Generated } from "kysely";
import { drawn, type OwnedTables } from "../database/owned-tables.ts";

/** The tables that the slice owns. */
export const alertingTables: OwnedTables = {
  rule: drawn,
  alert: drawn,
  rule_state: { keys: ["rule", "group_key"], rights: "change" },
};

declare module "../database/tables.ts" {
  interface DomainTables {
    rule: RuleTable;
    alert: AlertTable;
  }
  interface BookkeepingTables {
    rule_state: RuleStateTable;
  }
}

/** A rule that people made, or what they have changed of one that is shipped. */
export interface RuleTable {
  id: Generated<number>;
  name: string;
  title: string;
  kind: string;
  severity: string;
  /** `NAME:VALUE` pairs, as JSON. */
  filter: string;
  exclude: string;
  count: number | null;
  window_seconds: number | null;
  /** What tells groups of events apart, as JSON. */
  group_by: string;
  quiet_seconds: number;
  /** Names of destinations, as JSON. */
  destinations: string;
  is_enabled: number;
  created: number;
  updated: number;
}

/** What a rule has raised. */
export interface AlertTable {
  id: Generated<number>;
  rule: string;
  group_key: string;
  /** The last event that led to it: the same one raises no other of that rule and group. */
  last_id: number;
  /** The event that tells of it. */
  event_id: number;
  severity: string;
  raised: number;
  acknowledged: number | null;
  acknowledged_by: string | null;
}

/** What a rule remembers of one group of events. */
export interface RuleStateTable {
  rule: string;
  group_key: string;
  /** `[time, id]` of the last ones, as JSON. */
  ring: string;
  seen_at: number;
  raised_at: number | null;
  /** The longest time without any, in microseconds. */
  longest: number | null;
}
