import { invalidField } from "../../refusal.ts";

/** A year: whoever wants more wants no limit, which is 0. */
const timeoutSecondsMax = 31_536_000;

/** Seconds, `MM:SS`, `H:MM:SS`, or either behind days as Python prints them: `1 day, 2:00:00`. Gives seconds. */
export function parseTimeout(value: unknown, field: string): number {
  const seconds = typeof value === "number" ? value : findSeconds(typeof value === "string" ? value.trim() : "");
  if (seconds === undefined || !Number.isInteger(seconds) || seconds < 0) {
    throw invalidField(field, "Enter a number of seconds, or hours, minutes and seconds such as 1:30:00.");
  }
  if (seconds > timeoutSecondsMax) {
    throw invalidField(field, `Enter at most ${timeoutSecondsMax} seconds, or 0 for no limit.`);
  }
  return seconds;
}

function findSeconds(text: string): number | undefined {
  if (/^\d{1,12}$/.test(text)) return Number(text);
  const parts = /^(?:(\d{1,6})(?: days?,)? +)?(?:(\d{1,6}):)?(\d{1,2}):(\d{1,2})$/.exec(text);
  if (parts === null) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  if (seconds > 59 || minutes > 59) return undefined;
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
}

/** As Python prints a duration, and MAAS with it: `0:05:00`, `1 day, 0:00:00`. */
export function timeoutText(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const two = (number: number): string => String(number).padStart(2, "0");
  const hours = Math.floor((seconds % 86_400) / 3_600);
  const clock = `${hours}:${two(Math.floor((seconds % 3_600) / 60))}:${two(seconds % 60)}`;
  if (days === 0) return clock;
  return `${days} ${days === 1 ? "day" : "days"}, ${clock}`;
}
