import { offsetIfTwice } from "../../page/text/offset.ts";

/** A mark below the bars. */
export interface Tick {
  /** The bin that it begins. */
  readonly at: number;
  readonly words: string;
}

const ticksMax = 6;
/** Beyond this part of the width there is no room for words. */
const lastPlace = 0.92;

const isWhole = (time: Date): boolean => time.getSeconds() === 0 && time.getMilliseconds() === 0;
const isHour = (time: Date): boolean => isWhole(time) && time.getMinutes() === 0;
const isDay = (time: Date): boolean => isHour(time) && time.getHours() === 0;
const isMonth = (time: Date): boolean => isDay(time) && time.getDate() === 1;

/** Times that are round to people, in their own zone, from close to far between. */
const steps: readonly ((time: Date) => boolean)[] = [
  ...[1, 2, 5, 10, 15, 30].map((n) => (time: Date) => time.getMilliseconds() === 0 && time.getSeconds() % n === 0),
  ...[1, 2, 5, 10, 15, 30].map((n) => (time: Date) => isWhole(time) && time.getMinutes() % n === 0),
  ...[1, 2, 3, 6, 12].map((n) => (time: Date) => isHour(time) && time.getHours() % n === 0),
  isDay,
  ...[2, 5, 10, 15].map((n) => (time: Date) => isDay(time) && time.getDate() % n === 1 && time.getDate() < 31),
  ...[1, 3, 6, 12].map((n) => (time: Date) => isMonth(time) && time.getMonth() % n === 0),
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

const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const year = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const minute = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const second = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** A day by its date, an hour by the clock; one that comes twice by its offset too. */
function tickWords(time: Date): string {
  if (isMonth(time) && time.getMonth() === 0) return year.format(time);
  if (isDay(time)) return day.format(time);
  return `${(isWhole(time) ? minute : second).format(time)}${offsetIfTwice(time)}`;
}
