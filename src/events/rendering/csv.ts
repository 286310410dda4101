import { csvLine } from "../../terminal/csv.ts";
import { eventSchema, type NativeEvent, type NativeField } from "./native-event.ts";

/** The schema has the columns in the order in which events show them. */
const columns = Object.keys(eventSchema.properties) as readonly NativeField[];

/** The first line: what the columns are called. */
export const csvHeader = csvLine(columns);

/** One line of RFC 4180; details are JSON in one cell, and what isn't there is nothing at all. */
export function csvRow(event: NativeEvent): string {
  return csvLine(columns.map((column) => event[column]));
}
