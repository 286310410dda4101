// Times as a filter has them: fixed ones in UTC with a Z, so that a link means the same everywhere, and those that go with
// the clock: `15m`, `24h`, `7d`, `4w`, `today`, `yesterday`. Days without a zone are those of the zone
// that times are shown in.

import { offsetIfTwice } from "../../page/text/offset.ts";
import { twoDigits } from "../../page/text/two-digits.ts";
import { midnight, timeOfWall, wallTime } from "../../page/text/zone.ts";

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const backFromNow = /^([1-9]\d{0,3})([mhdw])$/;
const written =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?)?(?:[Zz]|([+-])(\d\d):(\d\d))?$/;

/** The first and the last moment that are written with a year of four digits. */
export const firstMs = Date.parse("0000-01-01T00:00:00Z");
export const lastMs = Date.UTC(9999, 11, 31, 23, 59, 59);

/** The time as a filter prints it; undefined if the text is none. */
export function parseFilterTime(text: string): string | undefined {
  if (isRelativeTime(text)) return text;
  return parseWritten(text)?.start;
}

/** True for times that go with the clock. */
export function isRelativeTime(value: string): boolean {
  return value === "today" || value === "yesterday" || backFromNow.test(value);
}

/**
 * `>=T`, `<T` or `T..T`, in which both days are whole, as since and until; undefined if the text is none of them. `now`, in
 * milliseconds, says where today ends: a filter has no word for that.
 */
export function parseCreated(
  text: string,
  now: number,
): { readonly since?: string; readonly until?: string } | undefined {
  const [, from, to] = /^(.+)\.\.(.+)$/.exec(text) ?? [];
  if (from !== undefined && to !== undefined) {
    const [since, until] = [parseFilterTime(from), endOf(to, now)];
    return since === undefined || until === undefined ? undefined : { since, until };
  }
  const [, sign, time = ""] = /^(>=|<)(.+)$/.exec(text) ?? [];
  const value = sign === undefined ? undefined : parseFilterTime(time);
  if (value === undefined) return undefined;
  return sign === "<" ? { until: value } : { since: value };
}

/** What a filter's time means at a moment, in microseconds since 1970. `now` is in milliseconds. */
export function resolveTime(value: string, now: number): number {
  const [, amount, unit] = backFromNow.exec(value) ?? [];
  if (amount !== undefined) return (now - Number(amount) * unitMs[unit as keyof typeof unitMs]) * 1000;
  if (value === "today") return midnight(new Date(now)) * 1000;
  if (value === "yesterday") return midnight(new Date(now), -1) * 1000;
  const fraction = /\.(\d+)Z$/.exec(value)?.[1] ?? "";
  return Math.floor(Date.parse(value) / 1000) * 1_000_000 + Number(fraction.padEnd(6, "0"));
}

/** The time as RFC 3339 has it, as the API wants it. */
export function rfc3339(value: string, now: number): string {
  return isRelativeTime(value) ? new Date(resolveTime(value, now) / 1000).toISOString() : value;
}

/** A moment, in milliseconds, as a filter prints it: whole seconds. */
export function fixedTime(millis: number): string {
  return `${new Date(millis).toISOString().slice(0, 19)}Z`;
}

/** A filter's time for people, as the clock shows it. */
export function describeTime(value: string): string {
  if (backFromNow.test(value)) return `${value} ago`;
  if (isRelativeTime(value)) return value;
  const { year, month, day: date, hour, minute, second } = wallTime(new Date(value));
  const day = `${year}-${twoDigits(month + 1)}-${twoDigits(date)}`;
  const clock = [hour, minute, ...(second > 0 ? [second] : [])];
  return clock.every((part) => part === 0)
    ? day
    : `${day} ${clock.map(twoDigits).join(":")}${offsetIfTwice(new Date(value))}`;
}

/** Where a time ends that may be a whole day. */
function endOf(text: string, now: number): string | undefined {
  if (text === "yesterday") return "today";
  if (text === "today") return fixedTime(midnight(new Date(now), 1));
  return isRelativeTime(text) ? text : parseWritten(text)?.end;
}

/** A time that is written out, and where it ends: a day's end, else itself. */
function parseWritten(text: string): { readonly start: string; readonly end: string } | undefined {
  const match = written.exec(text);
  if (match === null) return undefined;
  const part = (at: number): number => Number(match[at] ?? 0);
  const [year, month, day] = [part(1), part(2) - 1, part(3)];
  const [hour, minute] = [part(4), part(5)];
  // A leap second ends with the one before it: clocks have none.
  const isLeap = part(6) === 60;
  const second = isLeap ? 59 : part(6);
  // JavaScript takes the 31st of February for the 3rd of March, and the year 26 for 1926.
  const utc = (days: number): number => {
    const time = new Date(0);
    time.setUTCFullYear(year, month, day + days);
    return time.setUTCHours(hour, minute, second);
  };
  const isDay = new Date(utc(0)).toISOString().startsWith(text.slice(0, 10));
  if (!isDay || hour > 23 || minute > 59 || second > 59) return undefined;
  if (part(9) > 23 || part(10) > 59) return undefined;
  const offsetMs = (match[8] === "-" ? -1 : 1) * (part(9) * unitMs.h + part(10) * unitMs.m);
  const isUnzoned = !/[Zz]$/.test(text) && match[8] === undefined;
  const shown = (days: number): number => timeOfWall({ year, month, day: day + days, hour, minute, second });
  const at = (days: number): number => {
    const millis = isUnzoned ? shown(days) : utc(days) - offsetMs;
    return Math.max(firstMs, Math.min(lastMs, millis));
  };
  if (isLeap && !new Date(at(0)).toISOString().includes("T23:59:59")) return undefined;
  const fraction = isLeap ? "999999" : (match[7] ?? "").replace(/0+$/, "");
  const print = (millis: number): string =>
    fraction === "" ? fixedTime(millis) : fixedTime(millis).replace("Z", `.${fraction}Z`);
  return { start: print(at(0)), end: print(at(match[4] === undefined ? 1 : 0)) };
}
