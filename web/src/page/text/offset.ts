import { offsetMinutes } from "./zone.ts";

const hourMs = 3_600_000;

/** ` +02:00` of a time that a clock shows twice, since it is set back then; nothing of any other. */
export function offsetIfTwice(time: Date): string {
  const offset = offsetMinutes(time);
  const others = [-hourMs, hourMs].map((by) => offsetMinutes(new Date(time.getTime() + by)));
  // Set back by an hour: an hour later the clock is where it was, or an hour before it was where it is.
  const isTwice = others[1] === offset + 60 || others[0] === offset - 60;
  if (!isTwice) return "";
  const minutes = Math.abs(offset);
  const two = (value: number): string => String(value).padStart(2, "0");
  return ` ${offset > 0 ? "−" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
