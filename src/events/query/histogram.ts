import type { Viewer } from "../../audit/actor.ts";
import type { Database } from "../../database/database.ts";
import type { EventFilter } from "../filter/filter.ts";
import { isEveryLevel } from "../filter/event-conditions.ts";
import { countBetween } from "./id-counting.ts";
import { type SearchedFilter, visitMatches } from "./matches.ts";
import { visibleTo } from "../filter/visibility.ts";

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
  wanted: SearchedFilter,
  edges: readonly number[],
): Promise<Histogram> {
  const visible = visibleTo(viewer, wanted.filter);
  if (visible === undefined) return wholly(emptyBins(edges));
  if (isWholeLog(visible) && wanted.text === undefined) return countLog(db, edges);
  return countMatches(db, viewer, wanted, edges);
}

function wholly(bins: readonly Bin[]): Histogram {
  return { isExact: true, countedSince: undefined, bins };
}

/** Down to some time, which may be at the end where nothing was counted at all. */
function partly(bins: readonly Bin[], since: number): Histogram {
  return { isExact: true, countedSince: since, bins };
}

/** Whether a filter leaves nothing out; undefined finds nothing. */
export function isWholeLog(filter: EventFilter | undefined): boolean {
  if (filter === undefined) return false;
  const { levels, ...rest } = filter;
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
  { filter, text }: SearchedFilter,
  edges: readonly number[],
): Promise<Histogram> {
  const [since = 0, until = since] = [edges[0], edges.at(-1)];
  const counts = emptyBins(edges).map((bin) => ({ ...bin }));
  const wanted = { filter: { ...filter, since, until }, text, columns: ["outcome"] } as const;
  const { countedSince } = await visitMatches(db, viewer, wanted, ({ created, outcome }) => {
    // Newest first, but for a clock that was set back.
    const bin = counts.findLast(({ start }) => start <= created);
    if (bin === undefined) return;
    bin.count += 1;
    if (outcome === "failure") bin.failures += 1;
  });
  return countedSince === undefined ? wholly(counts) : partly(counts, Math.max(since, countedSince));
}
