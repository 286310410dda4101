/** Two digits. */
const two = (value: number): string => String(value).padStart(2, "0");

/** A time in the reader's own zone: `2026-11-23 08:29:59`. */
export function localTime(time: string | Date): string {
  const at = new Date(time);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${clockTime(at)}`;
}

/** The same without its date. */
export function clockTime(time: string | Date): string {
  const at = new Date(time);
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
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

/** The name of the reader's zone, such as `Europe/London`. */
export const zone: string = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A time as the reader's clock had it; UTC with its microseconds shows on hover. */
export function Time({ value, isClockOnly = false }: { readonly value: string; readonly isClockOnly?: boolean }) {
  return (
    <time className="ui-mono" dateTime={value} title={`${value} (UTC); shown in ${zone}`}>
      {isClockOnly ? clockTime(value) : localTime(value)}
    </time>
  );
}
