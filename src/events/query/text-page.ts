import { setImmediate as nextTick } from "node:timers/promises";
import { readsAll, type Viewer } from "../../audit/actor.ts";
import type { Database } from "../../database/database.ts";
import type { EventTable } from "../../database/tables.ts";
import type { IndexReader, OpenIndex } from "../../search/query/index-reader.ts";
import { eventFinder } from "../../search/words/event-finder.ts";
import { type SearchedEvent, searchedColumns } from "../../search/words/event-words.ts";
import type { SearchText } from "../../search/words/search-text.ts";
import { conditionsOf } from "../filter/event-conditions.ts";
import type { EventWindow, ResolvedFilter } from "../filter/filter.ts";
import { resolveFilter } from "../filter/resolve-filter.ts";
import { indexTerms } from "./index-terms.ts";
import type { EventPage, PageRequest } from "./page.ts";
import { idBounds, pageQuery } from "./page-query.ts";

/** What one page may cost. */
export interface TextBounds {
  /** Rows that are looked at, whether the index names them or not. */
  readonly rowsMax: number;
  /** In the index, waiting for its threads included. At least one of its sets is looked at. */
  readonly indexMsMax: number;
}

export const textBounds: TextBounds = { rowsMax: 20_000, indexMsMax: 50 };

/** Rows of one step: others get a turn between two. */
const stepRows = 500;
/** A filter that leaves so few is followed along its own index, whatever the words are. */
const rowsOfRareFilter = 500;
/** Candidates of the first step and of the last one. */
const candidatesMax = 1_000;

export interface TextRequest<Column extends keyof EventTable> extends Omit<PageRequest<Column>, "entriesMax"> {
  readonly search: SearchText;
  /** Undefined where there is none. */
  readonly index: IndexReader | undefined;
  readonly bounds?: TextBounds;
}

export interface TextPage<Column extends keyof EventTable> extends EventPage<Column> {
  /** Up to which event there is an index; undefined for who may not ask it. */
  readonly indexedTo: number | undefined;
}

/** A search under way. */
interface Search<Column extends keyof EventTable> {
  readonly db: Database;
  readonly columns: readonly Column[];
  readonly order: "newest" | "oldest";
  readonly limit: number;
  readonly finds: (event: SearchedEvent) => boolean;
  /** In the window's order. */
  readonly events: Pick<EventTable, Column>[];
  rowsLeft: number;
}

/** Where a part of a search ended before the page was full; undefined where it came to the end of what it was to look at. */
type StoppedAt = number | undefined;

/**
 * One page of the events that a search finds, that match the filter, and that the viewer may see. A page may be short although there is
 * more: `stoppedAt` then says how far it came.
 *
 * Only who reads everything is answered from the index: how long it takes tells which words there are. Others' own rows are read. So are
 * those that the index hasn't yet.
 */
export async function readTextPage<Column extends keyof EventTable>(
  db: Database,
  viewer: Viewer,
  request: TextRequest<Column>,
): Promise<TextPage<Column>> {
  const { window, limit, search: text, bounds = textBounds } = request;
  const filter = await resolveFilter(db, viewer, request.filter, request.upToId);
  if (filter === undefined) return { events: [], stoppedAt: undefined, indexedTo: undefined };
  const search: Search<Column | (typeof searchedColumns)[number]> = {
    db,
    columns: [...new Set([...request.columns, ...searchedColumns])],
    order: window.kind === "after" ? "oldest" : "newest",
    limit,
    finds: eventFinder(text),
    events: [],
    rowsLeft: bounds.rowsMax,
  };
  const mayAsk = !("realm" in viewer) && readsAll(viewer);
  const index = mayAsk ? await request.index?.open() : undefined;
  const isByIndex = index !== undefined && !(await isRare(db, filter, window));
  const stoppedAt = isByIndex
    ? await searchBoth(search, { index, text, filter, window, bounds })
    : await searchRows(search, filter, window);
  const events = search.order === "oldest" ? search.events.toReversed() : search.events;
  return { events, stoppedAt, indexedTo: mayAsk ? (index?.indexedTo ?? 0) : undefined };
}

/** True of a filter that leaves so few rows that all of them can be looked at. */
async function isRare(db: Database, filter: ResolvedFilter, window: EventWindow): Promise<boolean> {
  const { levels: _levels, inBlockedLogins: _in, idFrom: _from, idBelow: _below, exclude: _not, ...narrowing } = filter;
  if (Object.keys(narrowing).length === 0) return false;
  return (await pageQuery(filter).step(db, window, rowsOfRareFilter)).isLast;
}

interface ByIndex {
  readonly index: OpenIndex;
  readonly text: SearchText;
  readonly filter: ResolvedFilter;
  readonly window: EventWindow;
  readonly bounds: TextBounds;
}

/** Through what is in the index, and the rows that came after it. */
async function searchBoth<Column extends keyof EventTable>(
  search: Search<Column | (typeof searchedColumns)[number]>,
  parts: ByIndex,
): Promise<StoppedAt> {
  const { filter, window } = parts;
  const { indexedTo } = parts.index;
  const after = { ...filter, idFrom: Math.max(filter.idFrom ?? 0, indexedTo + 1) };
  const { above = 0, below = Infinity } = idBounds(filter, window);
  const newer = async (): Promise<StoppedAt> =>
    below <= indexedTo + 1 ? undefined : searchRows(search, after, window);
  const older = async (): Promise<StoppedAt> => searchIndex(search, parts, above, Math.min(below, indexedTo + 1));
  for (const part of search.order === "newest" ? [newer, older] : [older, newer]) {
    const stoppedAt = await part();
    if (stoppedAt !== undefined || search.events.length >= search.limit) return stoppedAt;
  }
  return undefined;
}

/** The rows that the index names between two ids. */
async function searchIndex<Column extends keyof EventTable>(
  search: Search<Column | (typeof searchedColumns)[number]>,
  { index, text, filter, bounds }: ByIndex,
  fromAbove: number,
  fromBelow: number,
): Promise<StoppedAt> {
  const { order, limit, events } = search;
  const terms = indexTerms(text, filter);
  let [above, below] = [fromAbove, fromBelow];
  let msLeft = bounds.indexMsMax;
  for (let count = Math.min(limit, candidatesMax); ; count = Math.min(2 * count, candidatesMax)) {
    const start = performance.now();
    const hasTime = (): boolean => performance.now() - start < msLeft;
    const wanted = Math.max(1, Math.min(count, search.rowsLeft));
    const answer = await index.find({ terms, above, below, order, limit: wanted }, hasTime);
    msLeft -= performance.now() - start;
    if (answer !== undefined) {
      search.rowsLeft -= answer.ids.length;
      events.push(...(await rowsOf(search, filter, answer.ids)));
      if (events.length >= limit || answer.stop === "end") return undefined;
    }
    const covered = answer === undefined ? undefined : (answer.coveredTo ?? answer.ids.at(-1));
    if (covered !== undefined && order === "newest") below = covered;
    else if (covered !== undefined) above = covered;
    if (answer === undefined || answer.stop === "common") {
      // The index is damaged, or its words are in almost every event: the rows tell.
      return searchRows(search, withBounds(filter, above, below), toward(order, above, below));
    }
    if (answer.stop === "time" || msLeft <= 0 || search.rowsLeft <= 0) return order === "newest" ? below : above;
    await nextTick();
  }
}

function withBounds(filter: ResolvedFilter, above: number, below: number): ResolvedFilter {
  const { idFrom = 0, idBelow = Infinity } = filter;
  return { ...filter, idFrom: Math.max(idFrom, above + 1), idBelow: Math.min(idBelow, below) };
}

function toward(order: "newest" | "oldest", above: number, below: number): EventWindow {
  return order === "newest" ? { kind: "before", id: below } : { kind: "after", id: above };
}

/** Those of these events that match and are found, in the search's order, as many as the page has room for. */
async function rowsOf<Column extends keyof EventTable>(
  { db, columns, order, finds, limit, events }: Search<Column | (typeof searchedColumns)[number]>,
  filter: ResolvedFilter,
  ids: readonly number[],
): Promise<readonly Pick<EventTable, Column | (typeof searchedColumns)[number]>[]> {
  if (ids.length === 0) return [];
  const conditions = [...conditionsOf(filter).values()];
  const rows: unknown = await db
    .selectFrom("event")
    .select([...columns])
    .where("id", "in", ids)
    // As a case, so that no index but that of the ids is taken for it.
    .where((eb) =>
      eb.and(
        conditions.map((holds) => eb(eb.case().when(holds(eb)).then(eb.lit(1)).else(eb.lit(0)).end(), "=", eb.lit(1))),
      ),
    )
    .orderBy("id", order === "oldest" ? "asc" : "desc")
    .execute();
  // Kysely can't say so of columns that are known to the caller alone.
  const found = rows as readonly Pick<EventTable, Column | (typeof searchedColumns)[number]>[];
  return found.filter(finds).slice(0, limit - events.length);
}

/** All rows of the filter, along its best index. */
async function searchRows<Column extends keyof EventTable>(
  search: Search<Column | (typeof searchedColumns)[number]>,
  filter: ResolvedFilter,
  from: EventWindow,
): Promise<StoppedAt> {
  const { db, columns, finds, limit, events } = search;
  const query = pageQuery(filter);
  let window = from;
  for (;;) {
    const entries = Math.max(1, Math.min(stepRows, search.rowsLeft));
    const step = await query.step(db, window, entries);
    const rows = await query.rows(db, columns, window, entries, entries);
    search.rowsLeft -= entries;
    events.push(...rows.filter(finds).slice(0, limit - events.length));
    if (events.length >= limit || step.isLast) return undefined;
    if (search.rowsLeft <= 0) return step.lastId;
    window = toward(search.order, step.lastId, step.lastId);
    // Words are split on this thread.
    await nextTick();
  }
}
