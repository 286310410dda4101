import type { Database } from "../../database/database.ts";
import { tileWidth } from "../../verifiable-log/tree.ts";
import type { Findings } from "./verification-report.ts";

/** Rows and nodes that nobody has recorded. */
export async function checkSurplus(db: Database, size: number, findings: Findings): Promise<void> {
  const rows = await db
    .selectFrom("event")
    .select("id")
    .where((eb) => eb.or([eb("id", "<", 1), eb("id", ">", size)]))
    .orderBy("id")
    .limit(100)
    .execute();
  const levels = await db
    .selectFrom("tree_node")
    .select(({ fn }) => ["level", fn.countAll<number>().as("nodes"), fn.max<number>("position").as("last")])
    .groupBy("level")
    .execute();
  const tiles = await db
    .selectFrom("leaf_tile")
    .select("position")
    .where((eb) => eb.or([eb("position", "<", 0), eb("position", ">=", Math.floor(size / tileWidth))]))
    .limit(100)
    .execute();
  // Read last: while somebody records, there is more than there was at the beginning.
  const { last_event_id: now } = await db.selectFrom("log_head").select("last_event_id").executeTakeFirstOrThrow();
  for (const { id } of rows) {
    if (id < 1 || id > now)
      findings.in("events").fault(id, "it stands outside the log: it was not recorded by Ironlog");
  }
  const strays = tiles.filter(({ position }) => position < 0 || (position + 1) * tileWidth > now);
  if (strays.length > 0) findings.in("tree").fault(null, "there are tiles of leaves that follow from no event");
  for (const { level, nodes, last } of levels) {
    const most = Math.floor(now / 256 ** level);
    if (level < 1 || nodes > most || last >= most) {
      findings.in("tree").fault(null, `the tree has nodes of level ${level} that follow from no event`);
    }
  }
}
