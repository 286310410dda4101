import type { Database } from "../../database/database.ts";
import type { LayerFindings } from "./verification-report.ts";

/**
 * Whether the log is at home here, as the database says, against what the log itself tells: an event that says that it was
 * moved is the last one here, or was followed by one that says that it arrived.
 */
export async function checkMoves(db: Database, size: number, findings: LayerFindings): Promise<void> {
  const marker = await db.selectFrom("log_move").select("id").executeTakeFirst();
  const events = await db
    .selectFrom("event")
    .select(["id", "action"])
    .where("action", "in", ["log.move", "log.import", "log.restore"])
    .where("source", "=", "ironlog")
    .where("id", "<=", size)
    .orderBy("id")
    .execute();
  for (const [at, { id, action }] of events.entries()) {
    if (action !== "log.move" || id === size) continue;
    const next = events[at + 1];
    if (next === undefined || next.id !== id + 1 || next.action === "log.move") {
      findings.fault(id, "it tells that the log was moved, and others were recorded behind it");
    }
  }
  const last = events.at(-1);
  const hasLeft = last?.action === "log.move" && last.id === size;
  if (hasLeft && marker === undefined)
    findings.fault(last.id, "it tells that the log was moved, and its mark is missing");
  if (!hasLeft && marker !== undefined)
    findings.fault(null, "the log is marked as moved, and its last event tells of no move");
}
