import { fieldsOf, eventGroups } from "../verifiable-log/event-fields.ts";
import type { EventTable } from "./tables.ts";

/** The columns of `event`, in the order in which rows are written. */
export const eventColumns: readonly (keyof EventTable)[] = [
  ...fieldsOf("leaf"),
  ...eventGroups.flatMap((group) => [...fieldsOf(group), `${group}_salt` as const]),
  "commitments",
  "leaf_hash",
  "ip_bytes",
];

/** Where each column stands in a row that was read as an array. */
export const columnPlaces = Object.fromEntries(eventColumns.map((column, index) => [column, index])) as {
  readonly [Column in keyof EventTable]: number;
};
