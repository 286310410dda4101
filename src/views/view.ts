import { invalidField } from "../refusal.ts";
import { isOneLine } from "../http/request/text.ts";

/** What the events page can show of an event, one column each. */
export const viewColumns = [
  "time",
  "level",
  "type",
  "action",
  "description",
  "user",
  "ip",
  "target",
  "node",
  "outcome",
  "source",
  "reported_by",
  "session",
  "key",
] as const;
export type ViewColumn = (typeof viewColumns)[number];

export const viewOrders = ["newest", "oldest"] as const;
export type ViewOrder = (typeof viewOrders)[number];

/** What people set of a view. */
export interface ViewSettings {
  readonly name: string;
  /** As it stands in the filter line of the events page; empty for all events. */
  readonly filter: string;
  /** Null for those that the page shows by itself. */
  readonly columns: readonly ViewColumn[] | null;
  readonly order: ViewOrder;
  /** Whether everybody who logs in finds it. */
  readonly isShared: boolean;
}

/** A view as it is kept. Times are microseconds since 1970 UTC. */
export interface View extends ViewSettings {
  readonly id: number;
  readonly userId: number;
  /** Whose it is. */
  readonly owner: string;
  readonly created: number;
  readonly updated: number;
}

/** Views of one person. */
export const viewsMax = 100;
const nameMax = 60;
const filterMax = 4_000;

/** Refuses with `invalid` what makes no view. */
export function refuseUnusableView({ name, filter, columns }: ViewSettings): void {
  if (name !== name.trim() || name === "" || name.length > nameMax || !isOneLine(name)) {
    throw invalidField("name", `Enter one line of 1 to ${nameMax} characters, without blanks at its ends.`);
  }
  if (filter.length > filterMax || !isOneLine(filter)) {
    throw invalidField(
      "filter",
      `Enter one line of at most ${filterMax} characters, as in the filter line of the events page.`,
    );
  }
  if (columns === null) return;
  if (columns.length === 0) throw invalidField("columns", "Enter at least one column, or null for those of the page.");
  if (new Set(columns).size < columns.length) throw invalidField("columns", "Enter each column once.");
}
