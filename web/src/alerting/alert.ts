import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { type Item, request } from "../api/request.ts";
import { queryClient } from "../query-client.ts";

/** What a rule has raised. */
export type Alert = Item<"GET /alerts">;

/** A bell that is seen to say something late is no bell. */
const bellMs = 15_000;
const listMs = 5_000;
const atOnce = 100;

const alertsKey = ["alerts"] as const;

/** How many alerts nobody has acknowledged. */
export const openAlertsQuery = queryOptions({
  queryKey: [...alertsKey, "count"],
  queryFn: ({ signal }) => request("GET /alerts", { query: new URLSearchParams({ open: "true", limit: "1" }), signal }),
  select: ({ open }) => open,
  refetchInterval: bellMs,
});

/** Alerts, the newest first: those that nobody has acknowledged, or all. */
export const alertsQuery = (which: "open" | "all") =>
  infiniteQueryOptions({
    queryKey: [...alertsKey, which],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ limit: String(atOnce) });
      if (which === "open") query.set("open", "true");
      if (pageParam !== undefined) query.set("before", String(pageParam));
      return request("GET /alerts", { query, signal });
    },
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ items }) => (items.length < atOnce ? undefined : items.at(-1)?.id),
    refetchInterval: listMs,
  });

/** Reads all of them again, and how many are open. */
export async function refreshAlerts(): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: alertsKey });
}

/** The server counts up to this many. */
export const countedMax = 1_000;

/** How many are open, in few characters. */
export function openCount(open: number): string {
  return open >= countedMax ? "999+" : String(open);
}
