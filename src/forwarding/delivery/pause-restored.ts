import type { Actor } from "../../audit/actor.ts";
import { perform } from "../../audit/perform.ts";
import { restoredKeys } from "../../backup/last-restore.ts";
import type { Database } from "../../database/database.ts";
import { Refusal } from "../../refusal.ts";
import { nowMicros } from "../../time.ts";
import { pauseDestination } from "../destinations/destination-actions.ts";
import { listDestinations } from "../destinations/destination-queries.ts";

/** Pauses what came with a backup, unless somebody has resumed it: the machine that made the backup may still deliver. */
export async function pauseRestored(db: Database, actor: Actor): Promise<void> {
  const restored = await restoredKeys(db, "destination");
  if (restored.size === 0) return;
  for (const { id, name, paused } of await listDestinations(db)) {
    if (paused !== null || !restored.has(String(id))) continue;
    await perform(db, actor, pauseDestination, { name, why: "restore", now: nowMicros() }).catch(ignorePaused);
  }
}

/** Another server has paused or deleted it at the same moment. */
function ignorePaused(error: unknown): void {
  if (!(error instanceof Refusal) || !["conflict", "not_found"].includes(error.code)) throw error;
}
