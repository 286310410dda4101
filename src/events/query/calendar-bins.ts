import { Temporal } from "temporal-polyfill";
import { invalidField } from "../../refusal.ts";

/** A length that a clock or a calendar shows. */
interface Length {
  readonly unit: "seconds" | "minutes" | "hours" | "days" | "months";
  readonly count: number;
}

/** The lengths that bins may have, shortest first: each at most two and a half times as long as the one before. */
const lengths: readonly Length[] = [
  ...[1, 2, 5, 10, 15, 30].map((count): Length => ({ unit: "seconds", count })),
  ...[1, 2, 5, 10, 15, 30].map((count): Length => ({ unit: "minutes", count })),
  ...[1, 2, 3, 6, 12].map((count): Length => ({ unit: "hours", count })),
  ...[1, 2, 4, 7, 14].map((count): Length => ({ unit: "days", count })),
  ...[1, 2, 4].map((count): Length => ({ unit: "months", count })),
  ...[1, 10, 100].flatMap((ten) => [1, 2, 5].map((count): Length => ({ unit: "months", count: 12 * ten * count }))),
];

/** In seconds; a month as short as February, so that no bins are counted in vain. */
const shortest = { seconds: 1, minutes: 60, hours: 3_600, days: 82_800, months: 28 * 86_400 } as const;

/** Weeks begin with it. */
const someMonday = Temporal.PlainDate.from("1970-01-05");

/**
 * Where bins begin, and where the last one ends, in microseconds: at most `bins` of them, as short as that allows, at the
 * seconds, minutes, hours, midnights, Mondays or first days of months of a time zone (an IANA name). The first and the last
 * are cut off at `since` and `until`.
 *
 * Refuses with `invalid` at a zone that is none.
 */
export function calendarEdges(
  { since, until }: { readonly since: number; readonly until: number },
  bins: number,
  timeZone: string,
): readonly number[] {
  const from = inZone(since, timeZone);
  const enough = lengths.filter(({ unit, count }) => (until - since) / 1e6 / (shortest[unit] * count) <= 2 * bins);
  for (const length of enough) {
    const edges = [since];
    for (let next = after(startOf(from, length), length); edges.length <= bins; next = after(next, length)) {
      const edge = next.epochMilliseconds * 1_000;
      if (edge >= until) return [...edges, until];
      if (edge > since) edges.push(edge);
    }
  }
  return [since, until];
}

function inZone(micros: number, timeZone: string): Temporal.ZonedDateTime {
  try {
    return Temporal.Instant.fromEpochMilliseconds(Math.floor(micros / 1_000)).toZonedDateTimeISO(timeZone);
  } catch {
    throw invalidField("time_zone", `'${timeZone}' is not a time zone. Give an IANA name, such as Europe/London.`);
  }
}

/** The last boundary at or before a time. */
function startOf(time: Temporal.ZonedDateTime, { unit, count }: Length): Temporal.ZonedDateTime {
  const date = time.toPlainDate();
  switch (unit) {
    case "days":
      return date.subtract({ days: modulo(someMonday.until(date).days, count) }).toZonedDateTime(time.timeZoneId);
    case "months": {
      const months = date.year * 12 + date.month - 1;
      return date
        .with({ day: 1 })
        .subtract({ months: modulo(months, count) })
        .toZonedDateTime(time.timeZoneId);
    }
    case "seconds":
    case "minutes":
    case "hours":
      return time.round({ smallestUnit: unit, roundingIncrement: count, roundingMode: "floor" });
  }
}

/** The boundary that follows one. */
function after(start: Temporal.ZonedDateTime, { unit, count }: Length): Temporal.ZonedDateTime {
  if (unit === "days" || unit === "months") {
    return start
      .toPlainDate()
      .add({ [unit]: count })
      .toZonedDateTime(start.timeZoneId);
  }
  // Where clocks are set back, by an hour mostly but by a day as well, the same hours come again and are one with the first.
  for (let hours = 0; ; hours += 1) {
    const next = startOf(start.add({ [unit]: count }).add({ hours }), { unit, count });
    if (Temporal.ZonedDateTime.compare(next, start) > 0) return next;
  }
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
