import { invalidField } from "./refusal.ts";

// Every time is a number of microseconds since 1970 UTC.

/** Microseconds. */
export const dayMicros = 86_400_000_000;

/** The time now, in whole milliseconds. */
export function nowMicros(): number {
  return Date.now() * 1000;
}

/** A time as RFC 3339 prints it, in UTC, always with six digits: `2018-02-01T22:28:18.000000Z`. */
export function rfc3339Micros(micros: number): string {
  const second = Math.floor(micros / 1_000_000);
  if (second !== lastSecond) {
    lastSecond = second;
    lastText = new Date(second * 1_000).toISOString().slice(0, -".000Z".length);
  }
  return `${lastText}.${String(micros - second * 1_000_000).padStart(6, "0")}Z`;
}

/** Of events one after the other most are of the same second. */
let lastSecond = Number.NaN;
let lastText = "";

/** The same for a time that there may not be. */
export function rfc3339OrNull(micros: number | null): string | null {
  return micros === null ? null : rfc3339Micros(micros);
}

const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A time as RFC 3339 prints it, in UTC, in whole seconds: `2018-02-01T22:28:18Z`. */
export function rfc3339Seconds(micros: number): string {
  return new Date(Math.floor(micros / 1000)).toISOString().replace(/\.\d+Z$/, "Z");
}

/** A time as e-mails have it, in UTC (RFC 5322): `Thu, 06 Dec 2018 21:26:18 -0000`. */
export function mailDate(micros: number): string {
  return new Date(Math.floor(micros / 1000)).toUTCString().replace("GMT", "-0000");
}

/** A time as MAAS prints it, in UTC: `Mon, 12 Feb. 2018 22:34:46`. */
export function maasTime(micros: number): string {
  const time = new Date(Math.floor(micros / 1000));
  const two = (number: number): string => (number < 10 ? `0${number}` : String(number));
  const date = `${days[time.getUTCDay()]}, ${two(time.getUTCDate())} ${months[time.getUTCMonth()]}. ${time.getUTCFullYear()}`;
  return `${date} ${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())}`;
}

/** The time that such a text stands for; undefined where it is none. */
export function findMaasTime(text: string): number | undefined {
  const [, day, month = "", year, hour, minute, second] =
    /^[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2})\. (\d{4}) (\d\d):(\d\d):(\d\d)$/.exec(text) ?? [];
  const at = months.indexOf(month);
  if (at === -1) return undefined;
  return Date.UTC(Number(year), at, Number(day), Number(hour), Number(minute), Number(second)) * 1_000;
}

const pattern = /^(\d{4}-\d\d-\d\d)[Tt ]((?:[01]\d|2[0-3]):[0-5]\d):([0-5]\d|60)(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/**
 * An RFC 3339 time, up to microseconds, as microseconds since 1970 UTC. A leap second, 23:59:60 UTC, is the last
 * microsecond of its minute, as the clocks of databases and of JavaScript have none. Refuses anything else, naming the field.
 */
export function parseTime(text: string, field: string): number {
  const micros = readTime(text, field);
  if (Number.isSafeInteger(micros)) return micros;
  throw invalidField(field, micros > 0 ? "Give a time before the year 2255." : "Give a time after the year 1684.");
}

/** The same for a bound: what lies before all that can be recorded, or behind it, is infinite. */
export function parseBound(text: string, field: string): number {
  const micros = readTime(text, field);
  return Number.isSafeInteger(micros) ? micros : Math.sign(micros) * Infinity;
}

function readTime(text: string, field: string): number {
  const [, date = "", minute = "", second = "", fraction = "", zone = ""] = pattern.exec(text) ?? [];
  const isLeap = second === "60";
  const millis = Date.parse(`${date}T${minute}:${isLeap ? "59" : second}${zone.toUpperCase()}`);
  // JavaScript takes the 31st of February for the 3rd of March.
  const isDate = !Number.isNaN(millis) && new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
  if (!isDate || (isLeap && !new Date(millis).toISOString().includes("T23:59:59"))) {
    throw invalidField(field, `Give a time as RFC 3339 has it, such as 2018-02-01T22:28:18Z.${mendOf(text)}`);
  }
  const micros = isLeap ? 999_999 : Number(fraction.slice(1, 7).padEnd(6, "0"));
  return millis * 1000 + micros;
}

/** A `+` in an address stands for a blank: who doesn't know that finds nothing wrong with what they wrote. */
function mendOf(text: string): string {
  const mended = text.replace(/ (?=\d\d:\d\d$)/, "+");
  if (mended === text || !pattern.test(mended)) return "";
  return ` The + of its offset became a blank on its way: write %2B for it in an address.`;
}
