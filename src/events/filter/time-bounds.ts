import type { Database } from "../../database/database.ts";

/** From a time on, and before another; microseconds. Or from an event on, and before another. */
interface TimeBounds {
  readonly since?: number;
  readonly until?: number;
  readonly idFrom?: number;
  readonly idBelow?: number;
}

/**
 * Turns times into ids, by one seek each: `created` never goes back, unless the clock was set back, which the log then says.
 *
 * Undefined where no event can match.
 */
export async function findTimeBounds(
  db: Database,
  times: Pick<TimeBounds, "since" | "until">,
): Promise<TimeBounds | undefined> {
  const { since, until } = times;
  if (since === undefined && until === undefined) return {};
  const steps = await db.selectFrom("event").select("id").where("action", "=", "clock.step").limit(1).execute();
  if (steps.length > 0) return times;
  const idFrom = since === undefined ? undefined : await firstIdFrom(db, since);
  if (since !== undefined && idFrom === undefined) return undefined;
  const idBelow = until === undefined ? undefined : await firstIdFrom(db, until);
  return { ...(idFrom !== undefined && { idFrom }), ...(idBelow !== undefined && { idBelow }) };
}

async function firstIdFrom(db: Database, time: number): Promise<number | undefined> {
  const first = await db
    .selectFrom("event")
    .select("id")
    .where("created", ">=", time)
    .orderBy("created")
    .orderBy("id")
    .limit(1)
    .executeTakeFirst();
  return first?.id;
}
