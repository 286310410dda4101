import { hash } from "node:crypto";
import { canonicalJson } from "./canonical-json.ts";

/** What a row of an audited table holds: its columns by name, without those that hold nothing; bytes as `\x` and hexadecimal digits. */
export type RowImage = Readonly<Record<string, string | number>>;

/** The image of a row as the databases' drivers give it. */
export function imageOf(row: Readonly<Record<string, unknown>>): RowImage {
  const members = Object.entries(row).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(
    members.map(([column, value]) => [
      column,
      value instanceof Uint8Array ? `\\x${Buffer.from(value).toString("hex")}` : asMember(value as string | number),
    ]),
  );
}

/** A number that no program has written stands as text, whose digest is never that of a recorded row. */
function asMember(value: string | number): string | number {
  return typeof value === "number" && !Number.isSafeInteger(value) ? String(value) : value;
}

/** How a row is named: the values of its key, with a slash between them. */
export function rowKey(image: RowImage, columns: readonly string[]): string {
  return columns.map((column) => String(image[column])).join("/");
}

/** SHA-256 of the salt and the canonical JSON (RFC 8785) of a list of the table's name and the row: 32 bytes that say nothing without the salt. */
export function rowDigest(salt: Uint8Array, table: string, image: RowImage): Buffer {
  const json = canonicalJson([table, image]);
  return hash("sha256", Buffer.concat([salt, Buffer.from(json, "utf8")]), "buffer");
}

/** What one event commits to of one row: table, key, digests before and after in base64, null where there was or is no row. */
export type StateEntry = readonly [table: string, key: string, before: string | null, after: string | null];

/** Reads the text of an event's `state`. Throws where it is none. */
export function parseState(text: string): readonly StateEntry[] {
  const entries: unknown = JSON.parse(text);
  if (!Array.isArray(entries) || !entries.every(isEntry)) throw new Error("its state is no list of rows");
  return entries;
}

function isEntry(entry: unknown): entry is StateEntry {
  if (!Array.isArray(entry) || entry.length !== 4) return false;
  const [table, key, before, after]: unknown[] = entry;
  const isDigest = (value: unknown): boolean => value === null || (typeof value === "string" && value.length === 44);
  return typeof table === "string" && typeof key === "string" && isDigest(before) && isDigest(after);
}
