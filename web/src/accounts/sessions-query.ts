import { queryOptions } from "@tanstack/react-query";
import { type Item, request } from "../api/request.ts";

/** A session as the native API shows it. */
export type Session = Item<"GET /sessions">;

/** One's own sessions that are still good. */
export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: ({ signal }) => request("GET /sessions", { signal }),
});
