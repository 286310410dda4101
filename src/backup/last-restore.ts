import type { Database } from "../database/database.ts";

/**
 * The keys of those rows of an audited table that came with the backup which this database was filled from, as no event since has
 * touched them; none where it wasn't, or took over from whoever made that. What they set up may still run elsewhere. By the order of
 * events: the clock of the machine that made the backup may have been ahead.
 */
export async function restoredKeys(db: Database, table: "destination" | "source"): Promise<ReadonlySet<string>> {
  const restore = await db
    .selectFrom("event")
    .select(["id", "details"])
    .where("action", "=", "log.restore")
    .where("source", "=", "ironlog")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  if (restore === undefined) return new Set();
  const { take_over: takesOver = false } = JSON.parse(restore.details ?? "{}") as { readonly take_over?: boolean };
  if (takesOver) return new Set();
  const rows = await db
    .selectFrom("row_mac")
    .select("key")
    .where("table_name", "=", table)
    .where("event_id", "<", restore.id)
    .execute();
  return new Set(rows.map(({ key }) => key));
}
