import type { Answer } from "../api/request.ts";
import { offsetIfTwice } from "../page/text/offset.ts";
import { formatTime } from "../page/text/zone.ts";
import { counted } from "../page/text/grouped.ts";

export type Counts = Answer<"GET /events/histogram">;

/** Bins that were chosen, from one to the other, whichever comes first. */
export interface Range {
  readonly anchor: number;
  readonly at: number;
}

/** How many of the first bins were not counted as a whole, where counting ended at a time. */
export function uncountedBins({ bins, since: start }: Counts, countedSince: string): number {
  return countedSince === start ? 0 : bins.filter((bin) => bin.start < countedSince).length;
}

/** Of each bin: whether all of it was counted, a part or nothing. */
export function extentOf(counts: Counts, at: number, countedSince: string): "whole" | "part" | "nothing" {
  if (at >= uncountedBins(counts, countedSince)) return "whole";
  return (counts.bins[at + 1]?.start ?? counts.until) > countedSince ? "part" : "nothing";
}

/** What a range holds; all, where none is chosen. */
export function describeRange(counts: Counts | undefined, range: Range | undefined): string {
  if (counts === undefined) return "Loading";
  if (range === undefined) return summary(counts);
  const from = Math.min(range.anchor, range.at);
  const to = Math.max(range.anchor, range.at);
  const chosen = counts.bins.slice(from, to + 1);
  const [first] = chosen;
  if (first === undefined) return "";
  const end = counts.bins[to + 1]?.start ?? counts.until;
  const span = chosen.length === 1 ? shortTime(first.start) : `${shortTime(first.start)} to ${shortTime(end)}`;
  return `${span}: ${totals(counts, from, to)}`;
}

/** How many there are altogether, and from when to when. */
export function summary(counts: Counts | undefined): string {
  if (counts === undefined) return "";
  const all = totals(counts, 0, counts.bins.length - 1);
  return `${all} from ${shortTime(counts.since)} to ${shortTime(counts.until)}.`;
}

/** What was not counted, if anything. */
export function limitation(counts: Counts | undefined): string {
  if (counts === undefined) return "";
  const { since, counted_since: events, failures_counted_since: failures, is_exact: isExact } = counts;
  if (events !== since) return `Counted back to ${shortTime(events)}; older ones were not counted`;
  if (failures !== since) return `Failures counted back to ${shortTime(failures)}`;
  return isExact ? "" : "The server's clock was set back: times may overlap";
}

function totals(counts: Counts, from: number, to: number): string {
  const { counted_since: eventsSince, failures_counted_since: failuresSince } = counts;
  const bins = counts.bins.slice(from, to + 1);
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
  return [
    amount(sum(bins.map(({ count }) => count)), "event", reach(counts, from, to, eventsSince)),
    amount(sum(bins.map(({ failures }) => failures)), "failure", reach(counts, from, to, failuresSince)),
  ].join(", ");
}

/** Of several bins: the first are those that weren't counted. */
function reach(counts: Counts, from: number, to: number, countedSince: string) {
  if (extentOf(counts, to, countedSince) === "nothing") return "nothing";
  return extentOf(counts, from, countedSince) === "whole" ? "whole" : "part";
}

function amount(count: number, noun: "event" | "failure", extent: "whole" | "part" | "nothing"): string {
  if (extent === "nothing") return `${noun}s not counted`;
  const words = counted(count, noun);
  return extent === "part" ? `at least ${words}` : words;
}

const format: Intl.DateTimeFormatOptions = {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
};

/** A time without its year, in the zone that was chosen. */
export function shortTime(time: string): string {
  const at = new Date(time);
  return `${formatTime(at, format)}${offsetIfTwice(at)}`;
}
