import type { Answer } from "../api/request.ts";

/** A review as the server has made it. */
export type AccessReview = Answer<"POST /reports/access">;

/** Values that a line of CSV holds. */
type Cells = Readonly<Record<string, string | number | null | undefined>>;

/** The findings as CSV (RFC 4180), with their names in the first line and what is left out in the last. */
export function reviewCsv({ items: findings, changes_left_out: leftOut }: AccessReview): string {
  const names = Object.keys(findings[0] ?? {});
  const more = { finding: "change", what: `${leftOut} older changes are left out: the events have them.` };
  const items: readonly Cells[] = leftOut === 0 ? findings : [...findings, more];
  return [names, ...items.map((item) => names.map((name) => item[name] ?? ""))]
    .map((cells) => `${cells.map((cell) => quoted(String(cell))).join(",")}\r\n`)
    .join("");
}

/** A `'` goes before what a spreadsheet would take for a formula. */
function quoted(cell: string): string {
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
