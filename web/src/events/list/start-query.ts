import { fixedTime, resolveTime } from "../filter/filter-times.ts";
import type { Order } from "./event-reader.ts";

/** The last that can be written in four digits of a year: nothing is later. */
const lastTime = "9999-12-31T23:59:59Z";

/**
 * What asks for the first page of a list that begins at a time, in whole seconds of UTC: newest first with the newest event that isn't later,
 * oldest first with the oldest that isn't earlier. Undefined where the query has nothing there.
 */
export function startQuery(query: URLSearchParams, order: Order, at: string | undefined): URLSearchParams | undefined {
  if (at === undefined || (order === "newest" && at === lastTime)) return query;
  const start = new URLSearchParams(query);
  const [since, until] = [start.get("since"), start.get("until")];
  // The whole second: rows show no more of their times. An end is not in its range.
  const end = fixedTime(Date.parse(at) + 1_000);
  if (order === "newest") {
    if (since !== null && micros(since) >= micros(end)) return undefined;
    if (until === null || micros(until) > micros(end)) start.set("until", end);
  } else {
    if (until !== null && micros(until) <= micros(at)) return undefined;
    if (since === null || micros(since) < micros(at)) start.set("since", at);
  }
  return start;
}

function micros(time: string): number {
  return resolveTime(time, 0);
}
