import { useSyncExternalStore } from "react";
import { Listeners } from "../listeners.ts";
import { followPreference, prefer, preferred } from "../preference.ts";

// The zone that times are shown and typed in: this computer's, or UTC. One choice of this browser, for all pages.

const preference = "zone";
const localZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
/** True where this computer is in UTC itself: there is nothing to choose. */
export const isUtcHere = localZone === "UTC";

const listeners = new Listeners();

/** Kept, so that it changes for the whole page at once. */
let utc: boolean | undefined;

/** True while times are shown in UTC. */
export function isUtc(): boolean {
  utc ??= preferred(preference) === "utc";
  return utc;
}

/** Shows all times in UTC, or in this computer's zone. */
export function showUtc(isWanted: boolean): void {
  prefer(preference, isWanted ? "utc" : "local");
  tell(isWanted);
}

function tell(isWanted: boolean): void {
  utc = isWanted;
  listeners.tell();
}

/** The name of the zone that times are shown in, such as `Europe/London`. */
export function zoneName(): string {
  return isUtc() ? "UTC" : localZone;
}

/** The same for what draws times: it is drawn anew in another zone. */
export function useZone(): string {
  return useSyncExternalStore(subscribe, zoneName);
}

let isFollowing = false;

function subscribe(listener: () => void): () => void {
  if (!isFollowing) followPreference(preference, (choice) => tell(choice === "utc"));
  isFollowing = true;
  return listeners.subscribe(listener);
}

/** What a clock and a calendar show at a time. `month` begins with 0. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** What the clock shows in the zone at a time. */
export function wallTime(time: Date): WallTime {
  if (isUtc()) {
    return {
      year: time.getUTCFullYear(),
      month: time.getUTCMonth(),
      day: time.getUTCDate(),
      hour: time.getUTCHours(),
      minute: time.getUTCMinutes(),
      second: time.getUTCSeconds(),
    };
  }
  return {
    year: time.getFullYear(),
    month: time.getMonth(),
    day: time.getDate(),
    hour: time.getHours(),
    minute: time.getMinutes(),
    second: time.getSeconds(),
  };
}

/**
 * When the clock shows that, in milliseconds; of what it shows twice, the first time; of what it skips, when it is set forward. A day or
 * month beyond its end goes on into the next.
 */
export function timeOfWall({ year, month, day, hour, minute, second }: WallTime): number {
  // Both take the year 26 for 1926 where they are given all at once.
  const time = new Date(0);
  time.setUTCFullYear(year, month, day);
  time.setUTCHours(hour, minute, second, 0);
  if (isUtc()) return time.getTime();
  const wanted = time.getTime();
  time.setFullYear(year, month, day);
  time.setHours(hour, minute, second, 0);
  const isSkipped = time.getTime() - offsetMinutes(time) * 60_000 !== wanted;
  return isSkipped ? setForwardBefore(time) : time.getTime();
}

/** A clock is set forward by a day at most: where a zone changes its side of the date line. */
const skippedMaxMs = 26 * 3_600_000;

/** When the clock was set forward last before a time: of what is skipped, JavaScript makes a time after that. */
function setForwardBefore(time: Date): number {
  const offset = offsetMinutes(time);
  const isAfter = (at: number): boolean => offsetMinutes(new Date(at)) === offset;
  let [before, after] = [time.getTime() - skippedMaxMs, time.getTime()];
  if (isAfter(before)) return after;
  while (after - before > 1_000) {
    const middle = before + Math.floor((after - before) / 2_000) * 1_000;
    if (isAfter(middle)) after = middle;
    else before = middle;
  }
  return after;
}

/** Midnight of the day of a time, so many days later. */
export function midnight(time: Date, days = 0): number {
  const { year, month, day } = wallTime(time);
  return timeOfWall({ year, month, day: day + days, hour: 0, minute: 0, second: 0 });
}

/** When a day begins that is written as `2026-11-23`. */
export function dayStart(day: string): Date {
  return new Date(isUtc() ? `${day}T00:00Z` : `${day}T00:00`);
}

/** How far the clock is behind UTC at a time, in minutes. */
export function offsetMinutes(time: Date): number {
  return isUtc() ? 0 : time.getTimezoneOffset();
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** A time in words, in the zone. */
export function formatTime(time: Date, options: Intl.DateTimeFormatOptions): string {
  const key = `${zoneName()} ${JSON.stringify(options)}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zoneName() });
  formats.set(key, format);
  return format.format(time);
}
