import { offsetIfTwice } from "./offset.ts";
import { twoDigits } from "./two-digits.ts";
import { useZone, wallTime } from "./zone.ts";

/** A time in the zone that was chosen: `2026-11-23 08:29:59`, with its offset where the clock shows it twice. */
export function localTime(time: string | Date): string {
  const { year, month, day } = wallTime(new Date(time));
  return `${year}-${twoDigits(month + 1)}-${twoDigits(day)} ${clockTime(time)}`;
}

/** The same without its date. */
export function clockTime(time: string | Date): string {
  const at = new Date(time);
  const { hour, minute, second } = wallTime(at);
  return `${twoDigits(hour)}:${twoDigits(minute)}:${twoDigits(second)}${offsetIfTwice(at)}`;
}

const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];
const relative = new Intl.RelativeTimeFormat("en-GB", { numeric: "always" });

/** How long ago it was: `3 minutes ago`. */
export function timeAgo(time: string, now: number = Date.now()): string {
  const seconds = Math.round((new Date(time).getTime() - now) / 1_000);
  const [unit, length] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return relative.format(Math.trunc(seconds / length), unit);
}

/** A time as a clock in the zone had it; UTC with its microseconds shows on hover. */
export function Time({ value, isClockOnly = false }: { readonly value: string; readonly isClockOnly?: boolean }) {
  const zone = useZone();
  return (
    <time className="ui-mono" dateTime={value} title={`${value} (UTC); shown in ${zone}`}>
      {isClockOnly ? clockTime(value) : localTime(value)}
    </time>
  );
}
