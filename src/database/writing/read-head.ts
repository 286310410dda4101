import type { Database } from "../database.ts";
import type { StoredHead } from "./append-keys.ts";

/** Gives the name of the log; no row before it has one. */
export const originQuery = "select origin from log_identity order by id desc limit 1";

/** The head of the log with the log's name, as one moment had them. Undefined where somebody has taken it away. */
export async function readHead(db: Database): Promise<StoredHead | undefined> {
  return db
    .selectFrom("log_head")
    .select((eb) => [
      "last_event_id",
      "last_created",
      "frontier",
      "key_id",
      "newest_mac",
      "mac",
      eb.selectFrom("log_identity").select("origin").orderBy("id", "desc").limit(1).as("origin"),
    ])
    .executeTakeFirst();
}
