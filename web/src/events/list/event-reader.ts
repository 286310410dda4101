import { type Answer, request } from "../../api/request.ts";
import { queryClient } from "../../query-client.ts";
import type { Event } from "../event/event.ts";

/** Rows that are read at once. */
export const pageSize = 200;

/** Older or newer than an event; the newest of all where neither is given. */
export interface Place {
  readonly before?: number;
  readonly after?: number;
}

type EventPage = Answer<"GET /events">;

/** Reads one page of the events that `query` asks for, newest first. */
export type ReadPage = (
  query: URLSearchParams,
  place: Place,
  signal: AbortSignal,
  limit?: number,
) => Promise<EventPage>;

/** A name that a filter may have meant, where it found nothing. */
export type OtherName = EventPage["did_you_mean"][number];

/** How far a search has come. */
export type SearchedTo = NonNullable<EventPage["searched_to"]>;

let readings = 0;

export function readPage(
  query: URLSearchParams,
  place: Place,
  signal: AbortSignal,
  limit = pageSize,
): Promise<EventPage> {
  const paged = new URLSearchParams(query);
  paged.set("limit", String(limit));
  for (const [name, id] of Object.entries(place)) paged.set(name, String(id));
  readings += 1;
  return queryClient.fetchQuery({
    // Each reading is one of its own: what is read anew must not wait for one that was stopped.
    queryKey: ["events", "page", readings],
    queryFn: (own) => request("GET /events", { query: paged, signal: AbortSignal.any([own.signal, signal]) }),
    // The store holds the rows; a second copy would be what it lets go of.
    gcTime: 0,
    staleTime: 0,
    // The list says at once what is wrong, and offers to try again.
    retry: false,
  });
}

/** Where a link to the page beside it goes on: `…?before=ID`. */
function cursorOf(link: string | null, name: "before" | "after"): number | undefined {
  const cursor = link === null ? null : new URL(link, "http://localhost").searchParams.get(name);
  return cursor === null ? undefined : Number(cursor);
}

/** Which events come first. */
export type Order = "newest" | "oldest";

/** The place of the page behind an event's id, or of the first one. */
export function placeOf(order: Order, from: number | undefined): Place {
  if (order === "oldest") return { after: from ?? 0 };
  return from === undefined ? {} : { before: from };
}

/** The rows of a page in their order, and behind which id the next one begins; undefined where this one is the last. */
export function nextOf(
  page: EventPage,
  order: Order,
  from: number | undefined,
): { readonly items: readonly Event[]; readonly next: number | undefined } {
  if (order === "newest") return { items: page.items, next: cursorOf(page.older, "before") };
  const stop = stoppedBelow(page, from ?? 0);
  const isFull = page.items.length >= pageSize;
  return { items: page.items.toReversed(), next: stop ?? (isFull ? page.items[0]?.id : undefined) };
}

/** The place of the page that stands above an event's id. */
export function placeAbove(order: Order, from: number): Place {
  return order === "newest" ? { after: from } : { before: from };
}

/** The next page above an id, in the list's order, which is empty only where there is none; whether nothing is above it. */
export async function readAbovePage(
  query: URLSearchParams,
  order: Order,
  from: number,
  signal: AbortSignal,
  read: ReadPage,
  onShort: (to: SearchedTo) => void,
): Promise<{ readonly items: readonly Event[]; readonly isTop: boolean }> {
  for (let at = from; ;) {
    const page: EventPage = await read(query, placeAbove(order, at), signal);
    signal.throwIfAborted();
    const stop = order === "newest" ? stoppedBelow(page, at) : cursorOf(page.older, "before");
    const isFull = order === "newest" && page.items.length >= pageSize;
    if (page.items.length > 0 || stop === undefined) {
      const items = order === "newest" ? page.items : page.items.toReversed();
      return { items, isTop: stop === undefined && !isFull };
    }
    at = stop;
    if (page.searched_to !== null) onShort(page.searched_to);
  }
}

/** Where a page of newer events stopped short; undefined where it holds all up to now, or is full. */
function stoppedBelow({ items, newer }: EventPage, after: number): number | undefined {
  const cursor = cursorOf(newer, "after") ?? after;
  return cursor > (items[0]?.id ?? after) ? cursor : undefined;
}

/** The next event in one direction that matches; undefined where there is none. */
export async function findBeside(
  query: URLSearchParams,
  id: number,
  by: 1 | -1,
  signal: AbortSignal,
): Promise<Event | undefined> {
  for (let from: number | undefined = id; from !== undefined;) {
    const page: EventPage = await readPage(query, by === 1 ? { before: from } : { after: from }, signal, 1);
    const [found] = page.items;
    if (found !== undefined) return found;
    from = by === 1 ? cursorOf(page.older, "before") : stoppedBelow(page, from);
  }
  return undefined;
}
