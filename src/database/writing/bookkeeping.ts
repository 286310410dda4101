import type { Transaction } from "kysely";
import type { Database } from "../database.ts";
import type { BookkeepingTables } from "../tables.ts";
import { writerOf } from "./writer.ts";

/**
 * Writes down what the machine notes for itself, in a transaction of its own. Nobody acted, so nothing is recorded.
 *
 * Throws what the database throws; the caller decides whether that matters.
 */
export function keepBooks<Result>(
  db: Database,
  work: (tx: Transaction<BookkeepingTables>) => Promise<Result>,
): Promise<Result> {
  return writerOf(db).keepBooks(work);
}
