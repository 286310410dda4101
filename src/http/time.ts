import { invalidField } from "../refusal.ts";

/** An RFC 3339 time, up to microseconds, as microseconds since 1970 UTC. Refuses anything else, naming the field. */
export function parseTime(text: string, field: string): number {
  const match = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d{1,6})?\d*([Zz]|[+-]\d\d:\d\d)$/.exec(text);
  const [, date = "", clock = "", fraction = ".", zone = ""] = match ?? [];
  const millis = Date.parse(`${date}T${clock}${zone.toUpperCase()}`);
  // JavaScript takes the 31st of February for the 3rd of March.
  const isDate = !Number.isNaN(millis) && new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
  if (match === null || !isDate) {
    throw invalidField(field, "Give a time as RFC 3339 has it, such as 2018-02-01T22:28:18Z.");
  }
  const micros = millis * 1000 + Number(fraction.slice(1).padEnd(6, "0"));
  if (!Number.isSafeInteger(micros)) throw invalidField(field, "Give a time before the year 2255.");
  return micros;
}
