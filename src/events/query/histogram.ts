import { setImmediate as nextTurn } from "node:timers/promises";
import type { Viewer } from "../../audit/actor.ts";
import type { Database } from "../../database/database.ts";
import type { EventFilter, EventWindow, ResolvedFilter } from "../filter/filter.ts";
import { isEveryLevel } from "../filter/event-conditions.ts";
import { type EventPage, readPage } from "./page.ts";
import { countBetween } from "./id-counting.ts";
import { timeNear } from "./one-event.ts";
import { visibleTo } from "../filter/visibility.ts";

/** Matches that are counted one by one: the newest. */
export const matchesCountedMax = 10_000;
const matchesAtOnce = 1_000;
/** Index entries that are looked at for them, at once and together. */
const entriesAtOnce = 10_000;
const entriesMax = 200_000;

export interface Bin {
  /** Microseconds; the bin ends where the next one starts. */
  readonly start: number;
  readonly count: number;
  readonly failures: number;
}

export interface Histogram {
  /** False where the clock was set back, so that events may count in a neighbouring bin. */
  readonly isExact: boolean;
  /** What was recorded before this time (microseconds) wasn't counted; undefined where all was. */
  readonly countedSince: number | undefined;
  /** The same for failures. */
  readonly failuresSince: number | undefined;
  readonly bins: readonly Bin[];
}

/**
 * How many events match in each bin, as far as the viewer may see them; `filter` has no times of its own. The bins lie
 * between neighbouring `edges`, in microseconds and rising.
 *
 * Of the whole log every event is counted, by its ids. With filters, or for somebody who doesn't see all, the newest
 * 10,000 matches are.
 */
export async function countEvents(
  db: Database,
  viewer: Viewer,
  filter: EventFilter,
  edges: readonly number[],
): Promise<Histogram> {
  const visible = visibleTo(viewer, filter);
  if (visible === undefined) return wholly(emptyBins(edges));
  if (isWholeLog(visible)) return countLog(db, edges);
  return countMatches(db, viewer, filter, edges);
}

function wholly(bins: readonly Bin[]): Histogram {
  return { isExact: true, countedSince: undefined, failuresSince: undefined, bins };
}

/** Down to some time, which may be at the end where nothing was counted at all. */
function partly(bins: readonly Bin[], since: number): Histogram {
  return { isExact: true, countedSince: since, failuresSince: since, bins };
}

function isWholeLog({ levels, ...rest }: ResolvedFilter | EventFilter): boolean {
  return isEveryLevel(levels) && Object.keys(rest).length === 0;
}

function emptyBins(edges: readonly number[]): readonly Bin[] {
  return edges.slice(0, -1).map((start) => ({ start, count: 0, failures: 0 }));
}

async function countLog(db: Database, edges: readonly number[]): Promise<Histogram> {
  const counted = await countBetween(db, edges);
  return {
    isExact: counted.isExact,
    countedSince: undefined,
    failuresSince: counted.failuresSince,
    bins: edges.slice(0, -1).map((start, at) => ({
      start,
      count: counted.events[at] ?? 0,
      failures: counted.failures[at] ?? 0,
    })),
  };
}

async function countMatches(
  db: Database,
  viewer: Viewer,
  filter: EventFilter,
  edges: readonly number[],
): Promise<Histogram> {
  const [since = 0, until = since] = [edges[0], edges.at(-1)];
  const counts = emptyBins(edges).map((bin) => ({ ...bin }));
  let matches = 0;
  let entries = 0;
  let oldest = until;
  for (let window: EventWindow = { kind: "newest" }; ;) {
    const page: EventPage<"id" | "created" | "outcome"> = await readPage(db, viewer, {
      columns: ["id", "created", "outcome"],
      filter: { ...filter, since, until },
      window,
      // One more than is counted tells whether there are more.
      limit: Math.min(matchesAtOnce, matchesCountedMax + 1 - matches),
      entriesMax: entriesAtOnce,
    });
    for (const { created, outcome } of page.events) {
      if (matches === matchesCountedMax) return partly(counts, oldest);
      matches += 1;
      oldest = created;
      // Newest first, but for a clock that was set back.
      const bin = counts.findLast(({ start }) => start <= created);
      if (bin === undefined) continue;
      bin.count += 1;
      if (outcome === "failure") bin.failures += 1;
    }
    const last = page.stoppedAt ?? (page.events.length >= matchesAtOnce ? page.events.at(-1)?.id : undefined);
    if (last === undefined) return wholly(counts);
    entries += page.stoppedAt === undefined ? page.events.length : entriesAtOnce;
    if (entries >= entriesMax) {
      // The search came further than to the oldest match.
      const stop = page.stoppedAt === undefined ? undefined : await timeNear(db, viewer, page.stoppedAt);
      return partly(counts, Math.max(since, Math.min(oldest, stop ?? oldest)));
    }
    window = { kind: "before", id: last };
    await nextTurn();
  }
}
