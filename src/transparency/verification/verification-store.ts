import type { Selectable } from "kysely";
import type { VerificationTable } from "../tables.ts";
import type { Database } from "../../database/database.ts";
import type { KeepBooks } from "../../database/leases.ts";
import type { VerificationReport } from "./verification-report.ts";

/** Passes that are remembered. */
const keptMax = 200;

/** A full pass over the log and what it found. */
export type StoredVerification = Selectable<VerificationTable>;

/** Passes over the whole log, newest first. */
export function listVerifications(db: Database, limit: number): Promise<readonly StoredVerification[]> {
  return db.selectFrom("verification").selectAll().orderBy("id", "desc").limit(limit).execute();
}

/** Writes down what a pass has found, and forgets the oldest. `finished` is in microseconds. */
export async function storeVerification(
  keepBooks: KeepBooks,
  report: VerificationReport,
  finished: number,
): Promise<void> {
  await keepBooks(async (tx) => {
    const { id } = await tx
      .insertInto("verification")
      .values({
        finished,
        size: report.size,
        integrity: report.integrity.verdict,
        completeness: report.completeness.verdict,
        report: JSON.stringify(report),
      })
      .returning("id")
      .executeTakeFirstOrThrow();
    await tx
      .deleteFrom("verification")
      .where("id", "<=", id - keptMax)
      .execute();
  });
}
