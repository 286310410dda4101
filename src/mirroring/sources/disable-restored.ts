import type { Actor } from "../../audit/actor.ts";
import { perform } from "../../audit/perform.ts";
import { restoredAt } from "../../backup/last-restore.ts";
import type { Database } from "../../database/database.ts";
import { nowMicros } from "../../time.ts";
import { updateSource } from "./source-actions.ts";
import { listSources } from "./source-queries.ts";

/** Disables what came with a backup, unless somebody has enabled it: the machine that made the backup may still mirror it. */
export async function disableRestored(db: Database, actor: Actor): Promise<void> {
  const restored = await restoredAt(db);
  if (restored === undefined) return;
  for (const { name, isEnabled, updated } of await listSources(db)) {
    if (!isEnabled || updated >= restored) continue;
    await perform(db, actor, updateSource, { name, changes: { isEnabled: false }, secrets: {}, now: nowMicros() });
  }
}
