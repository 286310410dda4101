import assert from "node:assert/strict";
import { test } from "node:test";

// The clock there is set back in October.
// oxlint-disable-next-line node/no-process-env -- there is no other way to say where this process is
process.env["TZ"] = "Europe/Berlin";
const { ticksOf } = await import("./ticks.ts");

/** Bins that begin so far from each other, in milliseconds. */
function binsFrom(start: string, step: number, count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => new Date(Date.parse(start) + at * step).toISOString());
}
const words = (starts: readonly string[]): readonly string[] => ticksOf(starts).map((tick) => tick.words);

const [second, minute, hour, day] = [1_000, 60_000, 3_600_000, 86_400_000];

test("ticks are at times that are round in the reader's zone", () => {
  assert.deepEqual(words(binsFrom("2026-11-23T07:00:07.000Z", second, 60)), [
    "08:00:10",
    "08:00:20",
    "08:00:30",
    "08:00:40",
    "08:00:50",
    "08:01",
  ]);
  assert.deepEqual(words(binsFrom("2026-11-23T07:07:00.000Z", minute, 60)), [
    "08:10",
    "08:20",
    "08:30",
    "08:40",
    "08:50",
    "09:00",
  ]);
  assert.deepEqual(words(binsFrom("2026-11-22T20:00:00.000Z", hour, 30)), [
    "23 Nov",
    "06:00",
    "12:00",
    "18:00",
    "24 Nov",
  ]);
  assert.deepEqual(words(binsFrom("2026-12-29T23:00:00.000Z", day, 5)), [
    "30 Dec",
    "31 Dec",
    "1 Jan 2027",
    "2 Jan",
    "3 Jan",
  ]);
});

test("hours that the clock shows twice have their offset", () => {
  assert.deepEqual(words(binsFrom("2026-10-24T22:00:00.000Z", hour / 2, 18)), [
    "25 Oct",
    "02:00 +02:00",
    "02:00 +01:00",
    "04:00",
    "06:00",
  ]);
});

test("there are few, however many bins there are, and none where no bin begins at a round time", () => {
  for (const step of [second, minute, 7 * minute, hour, day, 7 * day, 30 * day]) {
    assert.ok(ticksOf(binsFrom("2026-01-01T23:00:00.000Z", step, 60)).length <= 6, String(step));
  }
  assert.deepEqual(ticksOf([]), []);
});
