import { invalidField } from "../refusal.ts";

const dayMs = 86_400_000;

/** An RFC 3339 time, up to microseconds, as microseconds since 1970 UTC. Refuses anything else, naming the field. */
export function parseTime(text: string, field: string): number {
  const micros = readMicros(text, field);
  if (!Number.isSafeInteger(micros)) throw invalidField(field, "Give a time between the years 1685 and 2255.");
  return micros;
}

function readMicros(text: string, field: string): number {
  if (/ \d\d:\d\d$/.test(text)) {
    throw invalidField(
      field,
      "The '+' before the offset became a blank on its way: write it as %2B in an address, or give UTC with Z.",
    );
  }
  const match = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d{1,6})?\d*([Zz]|[+-]\d\d:\d\d)$/.exec(text);
  const [, date = "", written = "", decimals = ".", zone = ""] = match ?? [];
  // A leap second counts as the end of the one before it, as POSIX has no other place for it.
  const isLeap = written.endsWith(":60");
  const clock = isLeap ? written.replace(/60$/, "59") : written;
  const fraction = isLeap ? ".999999" : decimals;
  const millis = Date.parse(`${date}T${clock}${zone.toUpperCase()}`);
  // JavaScript takes the 31st of February for the 3rd of March.
  const isDate = !Number.isNaN(millis) && new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
  const isMisplaced = isLeap && ((millis % dayMs) + dayMs) % dayMs !== dayMs - 1_000;
  if (match === null || !isDate || isMisplaced) {
    throw invalidField(field, "Give a time as RFC 3339 has it, such as 2018-02-01T22:28:18Z.");
  }
  return millis * 1000 + Number(fraction.slice(1).padEnd(6, "0"));
}

/** The same for a bound: one that is beyond all times that can be stored lets all of them through, or none. */
export function parseBound(text: string, field: string): number {
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, readMicros(text, field)));
}
