import { rfc3339Micros } from "../../time.ts";

/** Whether a number is a time in microseconds that can be shown. */
export function isTime(micros: number): boolean {
  return Number.isSafeInteger(micros) && Math.abs(micros) <= 8.64e15;
}

/** A time as it is shown; null where a damaged row holds none. */
export function shownTime(micros: number | undefined): string | null {
  return micros !== undefined && isTime(micros) ? rfc3339Micros(micros) : null;
}
