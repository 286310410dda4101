import { createHash, type Hash } from "node:crypto";
import type { StoredRow } from "../database/copying/snapshot.ts";
import type { OwnedTables, TableName } from "../database/owned-tables.ts";

// A copy of a whole database as JSON Lines, compressed with gzip: a header; for each table its name and its rows, each an
// object whose bytes are {"base64": …}; at the end how many lines there were and their SHA-256.

export const copyVersion = 1;

/** What kind of copy it is: a log that was moved goes on as it was, one from a backup needs a new identity to sign. */
export type CopyKind = "move" | "backup";

export interface CopyHeader {
  readonly ironlog_copy: typeof copyVersion;
  readonly kind: CopyKind;
  /** The steps that its tables were brought to. */
  readonly schema: readonly string[];
  readonly origin: string | null;
  readonly events: number;
  readonly users: number;
  readonly created: string;
}

export type CopyLine =
  | { readonly table: TableName; readonly last_drawn?: number }
  | { readonly row: StoredRow }
  | { readonly end: number; readonly sha256: string };

/** Counts and hashes the lines of a copy, for its last one. */
export class CopyDigest {
  readonly #hash: Hash = createHash("sha256");
  lines = 0;

  add(line: string): void {
    this.#hash.update(line).update("\n");
    this.lines += 1;
  }

  end(): { readonly end: number; readonly sha256: string } {
    return { end: this.lines, sha256: this.#hash.digest("hex") };
  }
}

/** A row as a line. */
export function writeRow(row: StoredRow): string {
  const members = Object.entries(row).map(([column, value]) => [
    column,
    value instanceof Uint8Array ? { base64: Buffer.from(value).toString("base64") } : value,
  ]);
  return JSON.stringify({ row: Object.fromEntries(members) });
}

/** Reads a line behind the header. Throws a sentence about what is wrong with it. */
export function parseLine(line: string, tables: OwnedTables): CopyLine {
  const value: unknown = JSON.parse(line);
  if (typeof value !== "object" || value === null) throw new Error("a line is no object");
  if ("end" in value) return value as CopyLine;
  if ("table" in value) {
    if (typeof value.table !== "string" || !Object.hasOwn(tables, value.table))
      throw new Error(`it has an unknown table`);
    return value as CopyLine;
  }
  if (!("row" in value) || typeof value.row !== "object" || value.row === null) throw new Error("a line is no row");
  const members = Object.entries(value.row).map(([column, cell]) => [column, parseCell(cell)] as const);
  return { row: Object.fromEntries(members) };
}

function parseCell(cell: unknown): string | number | Uint8Array | null {
  if (cell === null || typeof cell === "string" || typeof cell === "number") return cell;
  if (typeof cell === "object" && "base64" in cell && typeof cell.base64 === "string") {
    return Buffer.from(cell.base64, "base64");
  }
  throw new Error("a row holds what no table does");
}

/** Reads the first line. Throws a sentence about what is wrong with it. */
export function parseHeader(line: string): CopyHeader {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new Error("it is no copy of Ironlog's", { cause: error });
  }
  if (typeof value !== "object" || value === null || !("ironlog_copy" in value) || !("kind" in value)) {
    throw new Error("it is no copy of Ironlog's");
  }
  if (value.ironlog_copy !== copyVersion) throw new Error("it is of a newer version of Ironlog");
  const isWhole =
    (value.kind === "move" || value.kind === "backup") &&
    "schema" in value &&
    Array.isArray(value.schema) &&
    value.schema.every((step) => typeof step === "string") &&
    "events" in value &&
    typeof value.events === "number" &&
    "users" in value &&
    typeof value.users === "number" &&
    "created" in value &&
    typeof value.created === "string";
  if (!isWhole) throw new Error("its first line is damaged");
  // Each member was just looked at, but for the origin, which is only shown.
  return value as CopyHeader;
}
