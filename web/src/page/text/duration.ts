import { counted } from "./grouped.ts";

const units = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

export type DurationUnit = (typeof units)[number][0];

/** The seconds of each unit, the longest first. */
export const durationUnits: readonly (readonly [DurationUnit, number])[] = units;

/** The longest unit of which a time is a whole number. */
export function wholeUnit(seconds: number): readonly [DurationUnit, number] {
  return units.find(([, length]) => seconds > 0 && seconds % length === 0) ?? ["second", 1];
}

/** A time to the second, in its longest whole unit: `10 minutes`. */
export function exactDuration(seconds: number): string {
  const [unit, length] = wholeUnit(seconds);
  return counted(seconds / length, unit);
}

/** About how long it is: `3 hours`. */
export function roughDuration(seconds: number): string {
  const [unit, length] = units.find(([, length]) => seconds >= length) ?? ["second", 1];
  return counted(Math.floor(seconds / length), unit);
}
