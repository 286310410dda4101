import { setImmediate as nextTurn } from "node:timers/promises";
import type { Viewer } from "../../audit/actor.ts";
import type { Database } from "../../database/database.ts";
import { eventColumns } from "../../database/event-columns.ts";
import { readingEvents, refuseDamaged } from "../../database/checking/row-check.ts";
import type { EventTable } from "../../database/tables.ts";
import { lastEventId } from "../../database/version-cache.ts";
import { csvHeader, csvRow } from "../rendering/csv.ts";
import type { EventFilter, EventWindow } from "../filter/filter.ts";
import { type NativeEvent, nativeEvent } from "../rendering/native-event.ts";
import { visibleTo } from "../filter/visibility.ts";
import { isWholeLog } from "../query/histogram.ts";
import { type EventPage, readPage, walkPages } from "../query/page.ts";

export const exportFormats = ["csv", "jsonl"] as const;
export type ExportFormat = (typeof exportFormats)[number];

export const exportOrders = ["newest", "oldest"] as const;
export type ExportOrder = (typeof exportOrders)[number];

/** Events that are held in memory at once. */
const eventsAtOnce = 200;
/** Events that are checked and rendered before others get their turn. */
const eventsInOneTurn = 25;
/** Ids that are counted at once. */
const idsAtOnce = 2_000;
/** Index entries looked at before others get their turn. */
const entriesAtOnce = 5_000;
/** And altogether, to tell how many events an export will have: an export begins soon, whatever its size. */
const entriesCountedMax = 20_000;

export interface Export {
  readonly viewer: Viewer;
  readonly filter: EventFilter;
  readonly format: ExportFormat;
  readonly order: ExportOrder;
  /** No event above this id. */
  readonly upToId: number;
  /** Called before each page: throws where nothing more may be read. */
  check(): Promise<void>;
}

/** How far an export goes, and how many events it will have, as far as that is known before it is recorded. */
export interface ExportExtent {
  /** The newest event that there is. */
  readonly upToId: number;
  /** Undefined where it would take too long to know: the filter and `upToId` tell it at any time. */
  readonly count: number | undefined;
  /** How many there are at least. */
  readonly countAtLeast: number;
}

/** Says in the log how many events leave, none above `upToMax`. Of the whole log ids tell it; else matches are counted, as far as a bound of work goes. */
export async function measureExport(
  db: Database,
  viewer: Viewer,
  filter: EventFilter,
  upToMax = Infinity,
): Promise<ExportExtent> {
  const upToId = Math.min(await lastEventId(db), upToMax);
  if (isWholeLog(visibleTo(viewer, filter))) return { upToId, count: upToId, countAtLeast: upToId };
  let count = 0;
  let entries = 0;
  const pages = walkPages<"id">({ kind: "newest" }, idsAtOnce, (window) =>
    readPage(db, viewer, { columns: ["id"], filter, window, limit: idsAtOnce, entriesMax: entriesAtOnce, upToId }),
  );
  for await (const { events, stoppedAt, isLast } of pages) {
    count += events.length;
    entries += stoppedAt === undefined ? events.length : entriesAtOnce;
    if (!isLast && entries >= entriesCountedMax) return { upToId, count: undefined, countAtLeast: count };
  }
  return { upToId, count, countAtLeast: count };
}

/**
 * All events that match, as text, page by page: each is read when the one before has been taken. Refuses with `damaged` an
 * event that is not what was recorded.
 *
 * What it throws comes in the middle: whoever passes it on must not end as if it were whole.
 */
export async function* exportEvents(db: Database, wanted: Export): AsyncGenerator<string, void, undefined> {
  const line = wanted.format === "csv" ? csvRow : (event: NativeEvent) => `${JSON.stringify(event)}\n`;
  if (wanted.format === "csv") yield csvHeader;
  for await (const events of walkExport(db, wanted)) {
    events.forEach(refuseDamaged);
    yield events.map((event) => line(nativeEvent(event))).join("");
  }
}

/** The same events as rows, few at a time. They aren't checked yet. */
export async function* walkExport(
  db: Database,
  { viewer, filter, order, upToId, check }: Omit<Export, "format">,
): AsyncGenerator<readonly EventTable[], void, undefined> {
  const read = async (window: EventWindow): Promise<EventPage<keyof EventTable>> => {
    await check();
    return readingEvents(placeOf(window), () =>
      readPage(db, viewer, {
        columns: eventColumns,
        filter,
        window,
        limit: eventsAtOnce,
        entriesMax: entriesAtOnce,
        upToId,
      }),
    );
  };
  const from: EventWindow = order === "newest" ? { kind: "newest" } : { kind: "after", id: 0 };
  for await (const page of walkPages<keyof EventTable>(from, eventsAtOnce, read)) {
    const events = order === "newest" ? page.events : page.events.toReversed();
    for (let start = 0; start < events.length; start += eventsInOneTurn) {
      if (start > 0) await nextTurn();
      yield events.slice(start, start + eventsInOneTurn);
    }
  }
}

/** Which events a page is about, where they can't be read. */
function placeOf(window: EventWindow): string {
  if (window.kind === "newest") return "One of the newest events";
  return `One of the events ${window.kind} event ${window.id}`;
}
