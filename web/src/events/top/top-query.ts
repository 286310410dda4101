import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type Answer, request } from "../../api/request.ts";
import { refusalOf } from "../search/refusal.ts";

/** What events can be counted by, which is also the name of its filter. */
export type TopName = "user" | "ip" | "action" | "target" | "type" | "node" | "outcome" | "session" | "key";

export type Top = Answer<"GET /events/top">;

const refetchMs = 10_000;

let before: Promise<unknown> = Promise.resolve();

/** One after the other, so that six lists don't hold up what else the page asks for. */
async function inTurn<Result>(signal: AbortSignal, act: () => Promise<Result>): Promise<Result> {
  const mine = before.then(() => {
    signal.throwIfAborted();
    return act();
  });
  before = mine.catch(() => undefined);
  return mine;
}

/** The most frequent values among the events of a filter. `readings` counts how often that was asked for anew. */
export function topQuery(query: URLSearchParams, by: TopName, limit: number, isLive: boolean, readings: number) {
  return queryOptions({
    queryKey: ["events", "top", by, limit, query.toString(), readings],
    queryFn: ({ signal }) => inTurn(signal, () => readTop(query, by, limit, signal)),
    // What was counted for another filter stays for a moment, so that nothing jumps.
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      isLive || (state.status === "error" && refusalOf(state.error) === undefined) ? refetchMs : false,
  });
}

export function readTop(query: URLSearchParams, by: TopName, limit: number, signal: AbortSignal): Promise<Top> {
  const wanted = new URLSearchParams(query);
  wanted.set("by", by);
  wanted.set("limit", String(limit));
  return request("GET /events/top", { query: wanted, signal });
}
