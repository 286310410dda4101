import type { Database } from "../../database/database.ts";
import type { ReadingDatabase } from "../../database/reading.ts";
import type { StoredHead } from "../../database/writing/append-keys.ts";
import { findSetBack } from "../signing/authentic-tree.ts";
import type { AcceptedEvents, Findings } from "./verification-report.ts";

/** The ranges that an operator has vouched for. */
export async function readAccepted(db: Database, findings: Findings): Promise<void> {
  const query = db.selectFrom("event").select(["id", "details"]).where("action", "=", "log.append.accept");
  const events = await query.where("source", "=", "ironlog").orderBy("id").execute();
  findings.accepted = events.map(({ id, details }) => {
    const { from, to, reason } = JSON.parse(details ?? "{}") as Partial<AcceptedEvents>;
    return { event: id, from: Number(from), to: Number(to), reason: String(reason) };
  });
}

/** Whether the head was left by somebody who has the log's append key. Without any key here nobody can say. */
export async function checkAuthenticity(
  { db, appendKeys }: ReadingDatabase,
  head: StoredHead,
  findings: Findings,
): Promise<void> {
  if (head.last_event_id !== 0 && appendKeys.all().length === 0) return;
  const layer = findings.in("appends");
  layer.checkedTo(head.last_event_id);
  if (head.last_event_id === 0) return;
  const setBack = await findSetBack(db, appendKeys);
  if (setBack !== undefined) layer.fault(null, setBack);
  const doubt = appendKeys.doubtOf(head);
  if (doubt === undefined) return;
  const what =
    doubt.code === "forged_head"
      ? "log_head was not left by anybody who has the log's append key"
      : `log_head bears the key '${head.key_id}', which ${appendKeys.file} does not hold`;
  layer.fault(null, what);
}
