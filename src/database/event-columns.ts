import { fieldsOf, personalGroups } from "../verifiable-log/event-fields.ts";
import type { EventTable } from "./tables.ts";

/** The columns of `event`, in the order in which rows are written. */
export const eventColumns: readonly (keyof EventTable)[] = [
  ...fieldsOf("leaf"),
  ...personalGroups.flatMap((group) => [...fieldsOf(group), `${group}_salt` as const]),
  "sealed",
  "leaf_hash",
];
