import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { type Item, request } from "../api/request.ts";
import { roughDuration } from "../page/text/duration.ts";
import { counted } from "../page/text/grouped.ts";
import { queryClient } from "../query-client.ts";

/** Something that gets events, in the list of them. */
export type Destination = Item<"GET /destinations">;

/** All of them. */
export const destinationsQuery = queryOptions({
  queryKey: ["destinations"],
  queryFn: ({ signal }) => request("GET /destinations", { signal }),
});

/** One of them. */
export const destinationQuery = (name: string) =>
  queryOptions({
    queryKey: ["destinations", name],
    queryFn: ({ signal }) => request("GET /destinations/{name}", { path: { name }, signal }),
  });

/** The server gives so many dead letters at once. */
const lettersAtOnce = 500;

/** What it refused, by event. */
export const deadLettersQuery = (name: string) =>
  infiniteQueryOptions({
    queryKey: ["destinations", name, "dead-letters"],
    queryFn: ({ pageParam, signal }) =>
      request("GET /destinations/{name}/dead-letters", {
        path: { name },
        query: new URLSearchParams({ after: String(pageParam) }),
        signal,
      }),
    initialPageParam: 0,
    getNextPageParam: ({ items }) => (items.length < lettersAtOnce ? undefined : items.at(-1)?.event),
  });

/** Reads all of them again, with what is shown of one. */
export async function refreshDestinations(): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: destinationsQuery.queryKey });
}

/** Reads the list again after one of them was deleted, which can't be read any more. */
export async function forgetDestination(name: string): Promise<void> {
  queryClient.removeQueries({ queryKey: destinationQuery(name).queryKey });
  await queryClient.invalidateQueries({ queryKey: destinationsQuery.queryKey, exact: true });
}

/** Where its events go. */
export function addressOfDestination({ url, directory }: Pick<Destination, "url" | "directory">): string {
  return url ?? directory ?? "";
}

/** How many events it has not got yet, and since when, in words. */
export function behindWords({ behind, behind_seconds: seconds }: Destination): string {
  if (behind === 0) return "up to date";
  const events = counted(behind, "event");
  return seconds === null ? events : `${events}, ${roughDuration(seconds)}`;
}
