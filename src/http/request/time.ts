import { invalidField } from "../../refusal.ts";

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
