import type { Database } from "../database/database.ts";

/**
 * When this database was filled from a backup, in microseconds; undefined where it wasn't, or took over from whoever made that. What
 * was set up before that may still run elsewhere.
 */
export async function restoredAt(db: Database): Promise<number | undefined> {
  const restore = await db
    .selectFrom("event")
    .select(["created", "details"])
    .where("action", "=", "log.restore")
    .where("source", "=", "ironlog")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  if (restore === undefined) return undefined;
  const { take_over: takesOver = false } = JSON.parse(restore.details ?? "{}") as { readonly take_over?: boolean };
  return takesOver ? undefined : restore.created;
}
