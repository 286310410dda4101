import type { Selectable } from "kysely";
import type { Database } from "../../database/database.ts";
import type { PlainEvent } from "../../database/event-columns.ts";
import type { AlertTable } from "../tables.ts";

/** An alert with what its event says. */
export type ToldAlert = Selectable<AlertTable> & Pick<PlainEvent, "description" | "details">;

export interface WantedAlerts {
  readonly isOpen: boolean;
  /** Those below this id. */
  readonly before: number | undefined;
  readonly limit: number;
}

/** Alerts, the newest first. */
export function listAlerts(db: Database, { isOpen, before, limit }: WantedAlerts): Promise<readonly ToldAlert[]> {
  return db
    .selectFrom("alert")
    .innerJoin("event", "event.id", "alert.event_id")
    .selectAll("alert")
    .select(["event.description", "event.details"])
    .$if(isOpen, (some) => some.where("acknowledged", "is", null))
    .$if(before !== undefined, (some) => some.where("alert.id", "<", before ?? 0))
    .orderBy("alert.id", "desc")
    .limit(limit)
    .execute();
}

/** No more open alerts are counted. */
export const countedMax = 1_000;

/** How many nobody has acknowledged; `countedMax` stands for more. */
export async function countOpenAlerts(db: Database): Promise<number> {
  const open = await db.selectFrom("alert").select("id").where("acknowledged", "is", null).limit(countedMax).execute();
  return open.length;
}
