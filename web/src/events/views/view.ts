import { useQuery, queryOptions } from "@tanstack/react-query";
import { type Item, request } from "../../api/request.ts";
import { sessionQuery } from "../../accounts/session.ts";
import { queryClient } from "../../query-client.ts";
import type { EventsSearch } from "../events-address.ts";

/** A filter of the events page under a name. */
export type View = Item<"GET /views">;

/** What the page shows, and how. */
export type Shape = Pick<View, "filter" | "columns" | "order">;

/** The same to be sent. */
export function shapeBody({ columns, ...shape }: Shape) {
  return { ...shape, columns: columns === null ? null : [...columns] };
}

/** One's own views, and those that others share. */
export const viewsQuery = queryOptions({
  queryKey: ["views"],
  queryFn: ({ signal }) => request("GET /views", { signal }),
});

export async function refreshViews(): Promise<void> {
  await Promise.all([viewsQuery, sessionQuery].map(({ queryKey }) => queryClient.invalidateQueries({ queryKey })));
}

/** What opens a view. The filter stands in the address too, so that a link shows the same when the view is gone. */
export function searchOf({ id, filter, order }: Pick<View, "id" | "filter" | "order">): EventsSearch {
  return { view: id, ...(filter !== "" && { q: filter }), ...(order === "oldest" && { order }) };
}

/** What opens all events. Where the plain address opens a view, another one does. */
export function searchOfAll(): EventsSearch {
  return openingView() === null ? {} : { view: "all" };
}

/** The view that an address opens; undefined where it is gone, or its filter is another by now. */
export function useOpenView({ view: id, q = "" }: EventsSearch, hasViews: boolean): View | undefined {
  const { data } = useQuery({ ...viewsQuery, enabled: hasViews && typeof id === "number" });
  return hasViews ? data?.items.find((view) => view.id === id && view.filter === q) : undefined;
}

/**
 * What an address means that names a view without its filter, or neither a view, a filter nor an event; undefined where it means itself.
 * `isStay`: somebody is on the page already, and waits for nothing that was read before.
 */
export async function resolveView(search: EventsSearch, isStay: boolean): Promise<EventsSearch | undefined> {
  const { q, view: id, event } = search;
  if (q !== undefined || id === "all") return undefined;
  const view = id === undefined ? openingView() : await findView(id, isStay);
  if (view == null) return undefined;
  // Around an event there are all events, also once it is closed.
  const meant: EventsSearch =
    id === undefined && event !== undefined ? { ...search, view: "all" } : { ...search, ...searchOf(view) };
  return JSON.stringify(meant) === JSON.stringify({ ...search, view: id }) ? undefined : meant;
}

/** What the plain address opens, as the answer about the session says: nothing else has to be read for it. */
function openingView() {
  return queryClient.getQueryData(sessionQuery.queryKey)?.default_view ?? null;
}

async function findView(id: number, isStay: boolean): Promise<View | undefined> {
  const known = isStay ? queryClient.getQueryData(viewsQuery.queryKey)?.items : undefined;
  return (known ?? (await readViews())).find((view) => view.id === id);
}

/** Nobody is kept from the events by a list of views that can't be read. */
async function readViews(): Promise<readonly View[]> {
  return queryClient.fetchQuery({ ...viewsQuery, retry: false }).then(
    ({ items }) => items,
    () => [],
  );
}
