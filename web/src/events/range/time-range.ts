import { offsetIfTwice } from "../../page/text/offset.ts";
import { formatTime, midnight } from "../../page/text/zone.ts";
import type { FilterTerm } from "../filter/filter-language.ts";
import { firstMs, fixedTime, isRelativeTime, lastMs, resolveTime } from "../filter/filter-times.ts";

/** The time that a filter asks for, as its text has it: from `since` on, before `until`. */
export interface TimeRange {
  readonly since?: string;
  readonly until?: string;
}

/** Ranges that are often wanted. All but the last go with the clock. */
export const presets: readonly TimeRange[] = [
  { since: "15m" },
  { since: "1h" },
  { since: "24h" },
  { since: "7d" },
  { since: "30d" },
  { since: "90d" },
  { since: "today" },
  { since: "yesterday", until: "today" },
  {},
];

/** The range among the terms of a filter. */
export function rangeOf(terms: readonly FilterTerm[]): TimeRange {
  const since = terms.find(({ key }) => key === "since")?.value;
  const until = terms.find(({ key }) => key === "until")?.value;
  return { ...(since !== undefined && { since }), ...(until !== undefined && { until }) };
}

/** The filter with another range in the place of its own. */
export function withRange(terms: readonly FilterTerm[], { since, until }: TimeRange): readonly FilterTerm[] {
  const others = terms.filter(({ key }) => key !== "since" && key !== "until");
  const term = (key: "since" | "until", value: string | undefined): readonly FilterTerm[] =>
    value === undefined ? [] : [{ key, value, isExcluded: false }];
  return [...others, ...term("since", since), ...term("until", until)];
}

const units: Readonly<Record<string, string>> = { m: "minute", h: "hour", d: "day", w: "week" };

/** A range in words: `Last 7 days`, `1 Nov to 3 Nov`, `All time`. `now` is in milliseconds. */
export function rangeWords({ since, until }: TimeRange, now: number): string {
  if (since === undefined && until === undefined) return "All time";
  if (until === undefined && since === "today") return "Today";
  if (since === "yesterday" && until === "today") return "Yesterday";
  if (until === undefined && since !== undefined) {
    return /^\d/.test(since) && isRelativeTime(since)
      ? `Last ${amountWords(since)}`
      : `From ${momentWords(since, now)}`;
  }
  if (until === undefined) return "";
  if (since === undefined) return `Before ${momentWords(until, now)}`;
  const [from, to] = [millis(since, now), millis(until, now)];
  const areDays = [since, until].every((value) => !isRelativeTime(value)) && isMidnight(from) && isMidnight(to);
  // Behind a time, a day alone would seem to be in it as a whole.
  if (!areDays) return `${clockWords(since, now)} to ${clockWords(until, now)}`;
  const [first, last] = [dayWords(from, now), dayWords(to - 1, now)];
  return first === last ? first : `${first} to ${last}`;
}

/** The range around this one that is twice as long; undefined where there is none. */
export function zoomedOut(range: TimeRange, now: number): TimeRange | undefined {
  const [, amount, unit] = /^(\d+)([mhdw])$/.exec(range.since ?? "") ?? [];
  if (range.until === undefined && amount !== undefined) {
    const twice = Number(amount) * 2;
    return twice > 9999 ? {} : { since: `${twice}${unit}` };
  }
  const bounds = boundsOf(range, now);
  if (bounds === undefined) return range.until === undefined ? undefined : {};
  const half = (bounds.to - bounds.from) / 2;
  if (half <= 0) return undefined;
  // What has not come yet need not be left out.
  const until = bounds.to + half < now ? { until: fixedTime(bounds.to + half) } : {};
  return bounds.from - half < firstMs ? until : { since: fixedTime(bounds.from - half), ...until };
}

/** The range of the same length before this one (−1) or after it (1); undefined where there is none. */
export function moved(range: TimeRange, by: 1 | -1, now: number): TimeRange | undefined {
  const bounds = boundsOf(range, now);
  if (bounds === undefined) return undefined;
  const { from, to } = bounds;
  // One that begins later than now, and has no end.
  if (from >= to) return undefined;
  // Days have 23 or 25 hours where the clock is set: as many days stay as many.
  const days = isMidnight(from) && isMidnight(to) ? Math.round((to - from) / dayMs) : undefined;
  const shift = (time: number): number =>
    days === undefined ? time + by * (to - from) : midnight(new Date(time), by * days);
  if (by === 1 ? shift(from) >= now || shift(to) > lastMs : shift(from) < firstMs) return undefined;
  return named(shift(from), shift(to), now);
}

/** A range in milliseconds; undefined without a beginning. Up to now, where it has no end: of today, up to its end. */
export function boundsOf(
  { since, until }: TimeRange,
  now: number,
): { readonly from: number; readonly to: number } | undefined {
  if (since === undefined) return undefined;
  const end = since === "today" ? midnight(new Date(now), 1) : now;
  return { from: millis(since, now), to: until === undefined ? end : millis(until, now) };
}

export const dayMs = 86_400_000;

function millis(value: string, now: number): number {
  return resolveTime(value, now) / 1_000;
}

/** Days that have a name go on with the clock. */
function named(from: number, to: number, now: number): TimeRange {
  const [yesterday, today, tomorrow] = [-1, 0, 1].map((days) => midnight(new Date(now), days));
  if (from === today && to === tomorrow) return { since: "today" };
  if (from === yesterday && to === today) return { since: "yesterday", until: "today" };
  return { since: fixedTime(from), until: fixedTime(to) };
}

function isMidnight(time: number): boolean {
  return midnight(new Date(time)) === time;
}

function amountWords(value: string): string {
  const amount = Number.parseInt(value, 10);
  const unit = units[value.at(-1) ?? ""];
  return amount === 1 ? (unit ?? "") : `${amount} ${unit}s`;
}

/** A time that is given, in words; a day alone at midnight. */
function momentWords(value: string, now: number): string {
  if (value === "today" || value === "yesterday") return value;
  if (isRelativeTime(value))
    return `${value.startsWith("1") && value.length === 2 ? "1 " : ""}${amountWords(value)} ago`;
  const time = millis(value, now);
  return isMidnight(time) ? dayWords(time, now) : `${dayWords(time, now)}, ${clockOf(time)}`;
}

/** The same, with the time of a day also at midnight. */
function clockWords(value: string, now: number): string {
  const time = millis(value, now);
  const words = momentWords(value, now);
  return isMidnight(time) && !/^\d+[mhdw]$/.test(value) ? `${words}, ${clockOf(time)}` : words;
}

/** To the second where it has one, and with its offset where it comes twice. */
function clockOf(time: number): string {
  const at = new Date(time);
  const hasSeconds = time % 60_000 !== 0;
  const clock = formatTime(at, { hour: "2-digit", minute: "2-digit", ...(hasSeconds && { second: "2-digit" }) });
  return `${clock}${offsetIfTwice(at)}`;
}

function dayWords(time: number, now: number): string {
  const year = (at: number): string => formatTime(new Date(at), { year: "numeric" });
  const isThisYear = year(time) === year(now);
  return formatTime(new Date(time), { day: "numeric", month: "short", ...(!isThisYear && { year: "numeric" }) });
}
