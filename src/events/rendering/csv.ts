import { eventSchema, type NativeEvent, type NativeField } from "./native-event.ts";

/** The schema has the columns in the order in which events show them. */
const columns = Object.keys(eventSchema.properties) as readonly NativeField[];

/**
 * Spreadsheets take a cell that begins so for a formula, and what stands in a log may come from an attacker. Some pass over
 * blanks and what isn't seen, such as a byte order mark, and take the wide forms of the signs for the signs.
 */
const formula = /^(?:[\t\r\n]|[\s\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]*[=+\-@\uFE62\uFE63\uFE66\uFE6B＝＋－＠])/u;

/** The first line: what the columns are called. */
export const csvHeader = csvLine(columns);

/** One line of RFC 4180; details are JSON in one cell, and what isn't there is nothing at all. */
export function csvRow(event: NativeEvent): string {
  return csvLine(columns.map((column) => cellText(event[column])));
}

function cellText(value: unknown): string | null {
  if (value === null || typeof value === "string") return value;
  return JSON.stringify(value);
}

function csvLine(cells: readonly (string | null)[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

function csvCell(text: string | null): string {
  if (text === null) return "";
  const harmless = formula.test(text) ? `'${text}` : text;
  return harmless === "" || /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
