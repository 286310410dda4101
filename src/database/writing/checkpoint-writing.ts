import type { Transaction } from "kysely";
import type { Database } from "../database.ts";
import type { CheckpointTables } from "../tables.ts";
import { writerOf } from "./writer.ts";

/**
 * Writes what the signer has signed, in a transaction of its own. A checkpoint is no act of anybody: there is no event.
 *
 * Throws what the database throws: a second signer that was quicker shows as a refused row.
 */
export function seal<Result>(
  db: Database,
  work: (tx: Transaction<CheckpointTables>) => Promise<Result>,
): Promise<Result> {
  return writerOf(db).seal(work);
}
