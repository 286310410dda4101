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
      if (typeof value === "string" && value.includes(replacement)) refuseUnread(database, row, at);
    }
  }
}

function refuseUnread(database: DatabaseSync, row: Values, at: number): void {
  const column = eventColumns[at] ?? "";
  const read = database.prepare(`select cast(${column} as blob) as bytes from event where id = ?`);
  const bytes = read.get(row[columnPlaces.id] ?? null)?.["bytes"];
  const isAsRead = bytes instanceof Uint8Array && Buffer.from(String(row[at])).equals(bytes);
  if (!isAsRead) throw new DamagedText(`its ${column} holds bytes that are no UTF-8`);
}
