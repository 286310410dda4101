import type { Actor } from "../../audit/actor.ts";
import { perform } from "../../audit/perform.ts";
import { restoredKeys } from "../../backup/last-restore.ts";
import type { Database } from "../../database/database.ts";
import { nowMicros } from "../../time.ts";
import { updateSource } from "./source-actions.ts";
import { listSources } from "./source-queries.ts";

/** Disables what came with a backup, unless somebody has enabled it: the machine that made the backup may still mirror it. */
export async function disableRestored(db: Database, actor: Actor): Promise<void> {
  const restored = await restoredKeys(db, "source");
  if (restored.size === 0) return;
  for (const { id, name, isEnabled } of await listSources(db)) {
    if (!isEnabled || !restored.has(String(id))) continue;
    await perform(db, actor, updateSource, { name, changes: { isEnabled: false }, secrets: {}, now: nowMicros() });
  }
}
