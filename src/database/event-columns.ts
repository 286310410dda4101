import { type EventContents, eventGroups, fieldsOf } from "../verifiable-log/event-fields.ts";
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

/** An event without what only proofs of its parts need: each salt that is read is an object of its own to be thrown away. */
export type PlainEvent = Pick<EventTable, keyof EventContents | "leaf_hash">;

export const plainColumns: readonly (keyof PlainEvent)[] = [
  ...fieldsOf("leaf"),
  ...eventGroups.flatMap((group) => fieldsOf(group)),
  "leaf_hash",
];
