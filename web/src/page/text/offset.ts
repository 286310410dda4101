import { twoDigits } from "./two-digits.ts";
import { offsetMinutes } from "./zone.ts";

const minuteMs = 60_000;
/** No clock is set by as much at once, but where a zone changes its side of the date line. */
const nearMs = 3 * 3_600_000;

/** ` +02:00` of a time that a clock shows twice, since it is set back then; nothing of any other. */
export function offsetIfTwice(time: Date): string {
  const offset = offsetMinutes(time);
  const isTwice = [-nearMs, nearMs].some((by) => {
    const near = offsetMinutes(new Date(time.getTime() + by));
    // The clock shows the same at this time too, if it has that offset then.
    const other = new Date(time.getTime() + (near - offset) * minuteMs);
    return near !== offset && offsetMinutes(other) === near;
  });
  if (!isTwice) return "";
  const minutes = Math.abs(offset);
  return ` ${offset > 0 ? "−" : "+"}${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
}
