import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { columnPlaces, eventColumns } from "../event-columns.ts";
import { DamagedText } from "./damage.ts";

/** Of the columns of `event`, in their order. */
type Values = readonly SQLOutputValue[];

/** What Node reads where bytes are no UTF-8, and what anybody may write. */
const replacement = "\ufffd";

/**
 * Throws `DamagedText` for text of a SQLite file that isn't what the file holds: Node reads bytes that are no UTF-8 as U+FFFD. Where that was
 * recorded, hashes agree with both, and a filter finds only the one.
 */
export function refuseUnreadText(database: DatabaseSync, rows: readonly Values[]): void {
  for (const row of rows) {
    for (const [at, value] of row.entries()) {
      if (typeof value !== "string" || !value.includes(replacement)) continue;
      const column = eventColumns[at] ?? "";
      if (!isAsRead(database, "event", column, { id: row[columnPlaces.id] ?? null }, value)) {
        throw new DamagedText(`its ${column} holds bytes that are no UTF-8`);
      }
    }
  }
}

/** A column of any row whose text isn't what the file holds; `keys` tell the row apart. */
export function findUnreadText(
  database: DatabaseSync,
  table: string,
  row: Readonly<Record<string, string | number>>,
  keys: readonly string[],
): string | undefined {
  const suspects = Object.entries(row).filter(([, value]) => typeof value === "string" && value.includes(replacement));
  const place = Object.fromEntries(keys.map((key) => [key, row[key] ?? null]));
  return suspects.find(([column, value]) => !isAsRead(database, table, column, place, String(value)))?.[0];
}

function isAsRead(
  database: DatabaseSync,
  table: string,
  column: string,
  place: Readonly<Record<string, SQLOutputValue>>,
  read: string,
): boolean {
  const where = Object.keys(place).map((key) => `"${key}" = ?`);
  const statement = database.prepare(
    `select cast("${column}" as blob) as bytes from "${table}" where ${where.join(" and ")}`,
  );
  const bytes = statement.get(...Object.values(place))?.["bytes"];
  return bytes instanceof Uint8Array && Buffer.from(read).equals(bytes);
}
