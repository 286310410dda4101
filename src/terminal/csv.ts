/**
 * Spreadsheets take a cell that begins so for a formula, and what stands in a log may come from an attacker. Some pass over
 * blanks and what isn't seen, such as a byte order mark, and take the wide forms of the signs for the signs.
 */
const formula = /^(?:[\t\r\n]|[\s\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]*[=+\-@\uFE62\uFE63\uFE66\uFE6B＝＋－＠])/u;

/** One line of RFC 4180: lists and objects are JSON in one cell, and what isn't there is nothing at all. */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map((value) => csvCell(cellText(value))).join(",")}\r\n`;
}

function cellText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}

function csvCell(text: string | null): string {
  if (text === null) return "";
  const harmless = formula.test(text) ? `'${text}` : text;
  return harmless === "" || /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
