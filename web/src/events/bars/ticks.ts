import { offsetIfTwice } from "../../page/text/offset.ts";
import { formatTime, wallTime } from "../../page/text/zone.ts";

/** A mark below the bars. */
export interface Tick {
  /** The bin that it begins. */
  readonly at: number;
  readonly words: string;
}

const ticksMax = 6;
/** Beyond this part of the width there is no room for words. */
const lastPlace = 0.92;

const isSecond = (time: Date): boolean => time.getTime() % 1_000 === 0;
const isWhole = (time: Date): boolean => isSecond(time) && wallTime(time).second === 0;
const isHour = (time: Date): boolean => isWhole(time) && wallTime(time).minute === 0;
const isDay = (time: Date): boolean => isHour(time) && wallTime(time).hour === 0;
const isMonth = (time: Date): boolean => isDay(time) && wallTime(time).day === 1;

/** Times that are round to people, in the zone that was chosen, from close to far between. */
const steps: readonly ((time: Date) => boolean)[] = [
  ...[1, 2, 5, 10, 15, 30].map((n) => (time: Date) => isSecond(time) && wallTime(time).second % n === 0),
  ...[1, 2, 5, 10, 15, 30].map((n) => (time: Date) => isWhole(time) && wallTime(time).minute % n === 0),
  ...[1, 2, 3, 6, 12].map((n) => (time: Date) => isHour(time) && wallTime(time).hour % n === 0),
  isDay,
  ...[2, 5, 10, 15].map((n) => (time: Date) => isDay(time) && wallTime(time).day % n === 1 && wallTime(time).day < 31),
  ...[1, 3, 6, 12].map((n) => (time: Date) => isMonth(time) && wallTime(time).month % n === 0),
];

/** A few of the bins that begin at round times, the closest that there is room for. */
export function ticksOf(starts: readonly string[]): readonly Tick[] {
  const times = starts.map((start) => new Date(start));
  // What begins an axis needs no room on both sides; the first bin may begin anywhere.
  const places = [...times.keys()].filter((at) => at <= times.length * lastPlace);
  for (const isRound of steps) {
    const found = places.filter((at) => isRound(times[at] ?? new Date(0)));
    if (found.length <= ticksMax) return found.map((at) => ({ at, words: tickWords(times[at] ?? new Date(0)) }));
  }
  return [];
}

const day: Intl.DateTimeFormatOptions = { day: "numeric", month: "short" };
const year: Intl.DateTimeFormatOptions = { ...day, year: "numeric" };
const minute: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit" };
const second: Intl.DateTimeFormatOptions = { ...minute, second: "2-digit" };

/** A day by its date, an hour by the clock; one that comes twice by its offset too. */
function tickWords(time: Date): string {
  if (isMonth(time) && wallTime(time).month === 0) return formatTime(time, year);
  if (isDay(time)) return formatTime(time, day);
  return `${formatTime(time, isWhole(time) ? minute : second)}${offsetIfTwice(time)}`;
}
