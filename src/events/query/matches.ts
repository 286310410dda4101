import type { Viewer } from "../../audit/actor.ts";
import type { Database } from "../../database/database.ts";
import type { EventTable } from "../../database/tables.ts";
import type { EventFilter } from "../filter/filter.ts";
import { timeNear } from "./one-event.ts";
import { readPage, walkPages } from "./page.ts";
import type { TextSearch } from "./text-field.ts";
import { readTextPage, type TextBounds } from "./text-page.ts";

/** Matches that are looked at one by one: the newest. */
export const matchesMax = 10_000;
const matchesAtOnce = 1_000;
/** Index entries that are looked at for them, at once and together. */
const entriesAtOnce = 10_000;
const entriesMax = 200_000;

/** Of a search one page looks at so much, since the index is read on this thread. */
const searchBounds: TextBounds = { rowsMax: entriesAtOnce, indexMsMax: 10 };

/** A filter, and the words that matches must have as well. */
export interface SearchedFilter {
  readonly filter: EventFilter;
  readonly text: TextSearch | undefined;
}

/** How far the matches were looked at. */
export interface Visited {
  readonly count: number;
  /** What was recorded before this time (microseconds) wasn't looked at; undefined where all was. */
  readonly countedSince: number | undefined;
}

/** Shows the newest matches that the viewer may see, at most 10,000 and as far as a bound of work goes, the newest first. */
export async function visitMatches<Column extends keyof EventTable>(
  db: Database,
  viewer: Viewer,
  wanted: SearchedFilter & { readonly columns: readonly Column[] },
  visit: (event: Pick<EventTable, Column | "id" | "created">) => void,
): Promise<Visited> {
  let count = 0;
  let entries = 0;
  let oldest = wanted.filter.until ?? Infinity;
  const columns: readonly (Column | "id" | "created")[] = ["id", "created", ...wanted.columns];
  const pages = walkPages<Column | "id" | "created">({ kind: "newest" }, matchesAtOnce, (window) => {
    const request = { columns, filter: wanted.filter, window, limit: matchesAtOnce };
    return wanted.text === undefined
      ? readPage(db, viewer, { ...request, entriesMax: entriesAtOnce })
      : readTextPage(db, viewer, { ...request, ...wanted.text, bounds: searchBounds });
  });
  for await (const { events, stoppedAt, isLast } of pages) {
    for (const event of events) {
      if (count === matchesMax) return { count, countedSince: oldest };
      count += 1;
      oldest = event.created;
      visit(event);
    }
    entries += stoppedAt === undefined ? events.length : entriesAtOnce;
    if (!isLast && entries >= entriesMax) {
      // The search came further than to the oldest match.
      const stop = stoppedAt === undefined ? undefined : await timeNear(db, viewer, stoppedAt);
      return { count, countedSince: Math.min(oldest, stop ?? oldest) };
    }
  }
  return { count, countedSince: undefined };
}
