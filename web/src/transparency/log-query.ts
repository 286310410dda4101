import { queryOptions } from "@tanstack/react-query";
import { type Answer, request } from "../api/request.ts";

/** The log as the server shows it: size, keys, newest checkpoint, verification. */
export type Log = Answer<"GET /log">;

export const logQuery = queryOptions({
  queryKey: ["log"],
  queryFn: ({ signal }) => request("GET /log", { signal }),
  refetchInterval: 10_000,
});
