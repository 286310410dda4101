import { setImmediate as nextTurn } from "node:timers/promises";
import type { Viewer } from "../../audit/actor.ts";
import type { Database } from "../../database/database.ts";
import type { EventTable } from "../../database/tables.ts";
import type { EventFilter, EventWindow, ResolvedFilter } from "../filter/filter.ts";
import { isAboutNodesAlone, pageOfManyNodes } from "../filter/many-nodes.ts";
import { type PageQuery, pageQuery } from "./page-query.ts";
import { resolveFilter } from "../filter/resolve-filter.ts";

/** Index entries looked at in the first query, and in any of those that follow: a few milliseconds' worth. */
const firstStepEntries = 2_000;
const stepEntriesMax = 8_000;
/** Where so few match, looking for each node on its own costs less than going on. */
const entriesBeforeNodes = 10_000;

export interface PageRequest<Column extends keyof EventTable> {
  /** What of each event is wanted, the id included: reading all of it takes ten times as long as what MAAS shows. */
  readonly columns: readonly Column[];
  readonly filter: EventFilter;
  readonly window: EventWindow;
  /** At least 1. */
  readonly limit: number;
  /** After so many index entries the page may be given up short. Infinity: it is always full, or the log at its end. */
  readonly entriesMax: number;
  /** No event above this id, whatever the window: so that what comes while one reads does not matter. */
  readonly upToId?: number;
}

export interface EventPage<Column extends keyof EventTable> {
  /** Newest first, whatever the window. */
  readonly events: readonly Pick<EventTable, Column>[];
  /** Where the search stopped before the page was full and before the log ended; the next page goes on from there. */
  readonly stoppedAt: number | undefined;
}

/**
 * One page of the events that the viewer may see.
 *
 * Costs what it returns where an index serves the filter; other filters look at `entriesMax` index entries at most.
 */
export async function readPage<Column extends keyof EventTable>(
  db: Database,
  viewer: Viewer,
  request: PageRequest<Column>,
): Promise<EventPage<Column>> {
  const nothing = { events: [], stoppedAt: undefined };
  const filter = await resolveFilter(db, viewer, request.filter, request.upToId);
  if (filter === undefined) return nothing;
  const query = pageQuery(filter);
  const page = query.isExact ? await exactPage(db, query, request) : await searchedPage(db, query, filter, request);
  const newestFirst = request.window.kind === "after" ? page.events.toReversed() : page.events;
  return { ...page, events: newestFirst };
}

/** A page of a walk through all that match. */
export interface WalkedPage<Column extends keyof EventTable> extends EventPage<Column> {
  readonly isLast: boolean;
}

/**
 * Page after page from a window on, to the end of the log or until nobody asks for more; `read` gives pages of `limit` events at most. Others
 * get a turn between two: reading from a file is done before anybody else has one.
 */
export async function* walkPages<Column extends keyof EventTable>(
  from: EventWindow,
  limit: number,
  read: (window: EventWindow) => Promise<EventPage<Column | "id">>,
): AsyncGenerator<WalkedPage<Column | "id">, void, undefined> {
  const kind = from.kind === "after" ? "after" : "before";
  for (let window = from; ;) {
    const page = await read(window);
    const { events, stoppedAt } = page;
    const outermost = kind === "after" ? events[0] : events.at(-1);
    const id = stoppedAt ?? (events.length >= limit ? outermost?.id : undefined);
    yield { ...page, isLast: id === undefined };
    if (id === undefined) return;
    window = { kind, id };
    await nextTurn();
  }
}

async function exactPage<Column extends keyof EventTable>(
  db: Database,
  query: PageQuery,
  { columns, window, limit }: PageRequest<Column>,
): Promise<EventPage<Column>> {
  return { events: await query.rows(db, columns, window, limit, limit), stoppedAt: undefined };
}

/** Goes through the best index step by step, since most of its entries may not match. */
async function searchedPage<Column extends keyof EventTable>(
  db: Database,
  query: PageQuery,
  filter: ResolvedFilter,
  request: PageRequest<Column>,
): Promise<EventPage<Column>> {
  const { columns, limit, entriesMax } = request;
  const events: Pick<EventTable, Column>[] = [];
  let entries = Math.min(firstStepEntries, entriesMax);
  let { window } = request;
  for (let looked = entries; ; looked += entries) {
    const step = await query.step(db, window, entries);
    events.push(...(await query.rows(db, columns, window, entries, limit - events.length)));
    if (events.length >= limit || step.isLast) return { events, stoppedAt: undefined };
    if (looked >= entriesMax) return { events, stoppedAt: step.lastId };
    window = window.kind === "after" ? { kind: "after", id: step.lastId } : { kind: "before", id: step.lastId };
    if (looked >= entriesBeforeNodes && isAboutNodesAlone(filter)) {
      const rest = await pageOfManyNodes(db, filter, { columns, window, limit: limit - events.length });
      return { events: [...events, ...rest], stoppedAt: undefined };
    }
    // Where little matches, fewer and larger steps find it sooner.
    entries = Math.min(2 * entries, stepEntriesMax, entriesMax - looked);
  }
}
