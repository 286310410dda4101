import type { Actor } from "../../src/audit/actor.ts";
import type { Draft } from "../../src/audit/action.ts";
import { growLog } from "../../src/audit/growth.ts";
import type { DatabaseLocation } from "../../src/database/database.ts";
import { openDatabase } from "../../src/database/opening.ts";
import { writerOf } from "../../src/database/writing/writer.ts";

/**
 * Appends events as somebody with the append key can, each an act of its own that changes no row, in the microsecond of the event before.
 * Gives the id of the first. The server has stopped.
 */
export async function forgeEvents(
  location: DatabaseLocation,
  entries: readonly { readonly draft: Draft; readonly actor: Actor }[],
): Promise<number> {
  await using open = await openDatabase(location);
  const group = await writerOf(open.db).begin();
  const first = group.head.last_event_id + 1;
  const { opened, end } = await group.openAction(first);
  await opened;
  end();
  await group.changes();
  const grown = growLog(group.head, group.head.last_created, entries);
  await group.closeAction(grown.head, grown.rows, grown.nodes, []);
  await group.commit();
  return first;
}
