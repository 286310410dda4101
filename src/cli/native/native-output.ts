import { csvLine } from "../../terminal/csv.ts";
import { misuse } from "../../terminal/exit.ts";

/** How answers are written. */
export const outputFormats = ["table", "json", "jsonl", "csv"] as const;
export type OutputFormat = (typeof outputFormats)[number];

/** The format of that name. Refuses (misuse) another one. */
export function parseOutputFormat(name: string): OutputFormat {
  const format = outputFormats.find((one) => one === name);
  if (format === undefined) throw misuse(`--output takes ${outputFormats.join(", ")}, and not '${name}'.`);
  return format;
}

type Row = Readonly<Record<string, unknown>>;

/** What a body holds: the rows of a list, or one thing. */
export interface Shown {
  readonly rows: readonly Row[];
  readonly isList: boolean;
}

export function shownIn(body: unknown): Shown {
  const whole = asRow(body);
  const { items } = whole;
  return Array.isArray(items) ? { rows: items.map(asRow), isList: true } : { rows: [whole], isList: false };
}

function asRow(value: unknown): Row {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : { value };
}

/** Rows in a format; `wanted` are the columns of a table. `width` is that of the terminal, undefined for none. */
export function render(
  { rows, isList }: Shown,
  format: Exclude<OutputFormat, "json">,
  { wanted, width }: { readonly wanted: readonly string[] | undefined; readonly width: number | undefined },
): string {
  if (format === "jsonl") return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  if (format === "csv") return csv(rows);
  return isList ? table(rows, wanted ?? plainColumns(rows), width) : record(rows[0] ?? {});
}

/** Those that hold no lists or objects in any row. */
function plainColumns(rows: readonly Row[]): readonly string[] {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return names.filter((name) => rows.every((row) => typeof row[name] !== "object" || row[name] === null));
}

/** Columns two blanks apart, each as wide as its widest cell; the last one is cut at the terminal's edge. */
function table(rows: readonly Row[], columns: readonly string[], width: number | undefined): string {
  if (columns.length === 0) return "";
  const lines = [
    columns.map((name) => name.toUpperCase()),
    ...rows.map((row) => columns.map((name) => cell(row[name]))),
  ];
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  return lines
    .map((line) => line.map((text, at) => (at === columns.length - 1 ? text : text.padEnd(widths[at] ?? 0))).join("  "))
    .map((line) => `${cut(line.trimEnd(), width)}\n`)
    .join("");
}

function cut(line: string, width: number | undefined): string {
  return width === undefined || line.length <= width ? line : `${line.slice(0, Math.max(1, width - 1))}…`;
}

function record(row: Row): string {
  const widest = Math.max(0, ...Object.keys(row).map((name) => name.length));
  return Object.entries(row)
    .map(([name, value]) => `${name.padEnd(widest)}  ${cell(value)}\n`)
    .join("");
}

/** A value on one line. */
function cell(value: unknown): string {
  if (value === null || value === undefined) return "-";
  return (typeof value === "string" ? value : JSON.stringify(value)).replaceAll(/\s*[\r\n]\s*/g, " ");
}

/** With a header row. */
function csv(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return [columns, ...rows.map((row) => columns.map((name) => row[name]))].map(csvLine).join("");
}
