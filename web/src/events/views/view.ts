import { useQuery, queryOptions } from "@tanstack/react-query";
import { type Item, request } from "../../api/request.ts";
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
  await queryClient.invalidateQueries({ queryKey: viewsQuery.queryKey });
}

/** What opens a view. The filter stands in the address too, so that a link shows the same when the view is gone. */
export function searchOf({ id, filter, order }: View): EventsSearch {
  return { view: id, ...(filter !== "" && { q: filter }), ...(order === "oldest" && { order }) };
}

/** What opens all events. Where the plain address opens a view, another one does. */
export function searchOfAll(): EventsSearch {
  return knownViews()?.some((view) => view.is_default) === true ? { view: "all" } : {};
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
  const views = (isStay ? knownViews() : undefined) ?? (await readViews());
  const view = views.find((one) => (id === undefined ? one.is_default : one.id === id));
  if (view === undefined) return undefined;
  // Around an event there are all events, also once it is closed.
  const meant: EventsSearch =
    id === undefined && event !== undefined ? { ...search, view: "all" } : { ...search, ...searchOf(view) };
  return JSON.stringify(meant) === JSON.stringify({ ...search, view: id }) ? undefined : meant;
}

function knownViews(): readonly View[] | undefined {
  return queryClient.getQueryData(viewsQuery.queryKey)?.items;
}

/** Nobody is kept from the events by a list of views that can't be read. */
async function readViews(): Promise<readonly View[]> {
  return queryClient.fetchQuery({ ...viewsQuery, retry: false }).then(
    ({ items }) => items,
    () => [],
  );
}
