import type { Database } from "../../database/database.ts";
import { failuresBelow } from "./failure-counts.ts";

/** Seeks in one query. */
const seeksAtOnce = 50;
/** A clock that was set back more often than that can't be counted by. */
const stepsMax = 100;

export interface Counts {
  /** For each pair of neighbouring edges, the events at or after the one and before the other. */
  readonly events: readonly number[];
  readonly failures: readonly number[];
  /** False where ids and times are not in the same order. */
  readonly isExact: boolean;
}

/**
 * Counts the whole log between times (microseconds, rising), without looking at the events: ids are dense, so the number
 * of events between two times is the difference of two ids, each of which is one seek. Failures are counted by an index of their own.
 */
export async function countBetween(db: Database, edges: readonly number[]): Promise<Counts> {
  const steps = await clockSteps(db);
  const ids = await idsFrom(db, edges, steps);
  const failed = await failuresBelow(db, ids, await lastId(db));
  const isEven =
    steps.length < stepsMax && !steps.some(({ from, to }) => edges.some((edge) => edge > from && edge <= to));
  return {
    events: ids.slice(1).map((id, at) => id - (ids[at] ?? id)),
    failures: failed.slice(1).map((count, at) => count - (failed[at] ?? count)),
    isExact: isEven,
  };
}

/**
 * For each time the id of the first event at or after it; one more than the last id where there is none. Where the clock
 * was set back to after that time, what came then is left out: of times, it may be the first.
 */
async function idsFrom(
  db: Database,
  times: readonly number[],
  steps: readonly ClockStep[],
): Promise<readonly number[]> {
  const end = (await lastId(db)) + 1;
  const ids: number[] = [];
  for (let start = 0; start < times.length; start += seeksAtOnce) {
    const some = times.slice(start, start + seeksAtOnce).map((time) => ({
      time,
      belowId: steps.find(({ from }) => from >= time)?.id ?? end,
    }));
    const row = await db
      .selectNoFrom((eb) =>
        some.map(({ time, belowId }, at) =>
          eb
            .selectFrom("event")
            .select("event.id")
            .where("event.created", ">=", time)
            .where("event.id", "<", belowId)
            .orderBy("event.created")
            .orderBy("event.id")
            .limit(1)
            .as(`at${at}`),
        ),
      )
      .executeTakeFirstOrThrow();
    const found = row as Readonly<Record<string, number | null>>;
    ids.push(...some.map(({ belowId }, at) => found[`at${at}`] ?? belowId));
  }
  let highest = 0;
  // A count is never negative, even where it can't be exact.
  return ids.map((id) => (highest = Math.max(highest, id)));
}

async function lastId(db: Database): Promise<number> {
  const last = await db.selectFrom("event").select("id").orderBy("id", "desc").limit(1).executeTakeFirst();
  return last?.id ?? 0;
}

/** The clock went back from `to` to `from` with the event of that id: times between them have been twice. */
interface ClockStep {
  readonly id: number;
  readonly from: number;
  readonly to: number;
}

/** Oldest first; at most `stepsMax`. */
async function clockSteps(db: Database): Promise<readonly ClockStep[]> {
  return db
    .selectFrom("event")
    .innerJoin("event as before", (join) => join.on((eb) => eb("before.id", "=", eb("event.id", "-", eb.lit(1)))))
    .select(["event.id", "event.created as from", "before.created as to"])
    .where("event.action", "=", "clock.step")
    .orderBy("event.id")
    .limit(stepsMax)
    .execute();
}
