import assert from "node:assert/strict";
import { test } from "node:test";
import { Temporal } from "temporal-polyfill";
import { calendarEdges } from "./calendar-bins.ts";

const micros = (time: string): number => Temporal.Instant.from(time).epochMilliseconds * 1000;

/** The edges as clocks in the zone show them. */
function edges(since: string, until: string, bins: number, zone: string): readonly string[] {
  return calendarEdges({ since: micros(since), until: micros(until) }, bins, zone).map((edge) =>
    Temporal.Instant.fromEpochMilliseconds(edge / 1000)
      .toZonedDateTimeISO(zone)
      .toString({ smallestUnit: "second", timeZoneName: "never" }),
  );
}

test("bins are as long as they have to be, and begin where a clock or a calendar does", () => {
  for (const [since, until, second, secondButOne] of [
    ["2026-03-04T05:06:07Z", "2026-03-04T05:06:50Z", "05:06:08", "05:06:09"],
    ["2026-03-04T05:06:07Z", "2026-03-04T05:15:00Z", "05:06:10", "05:06:20"],
    ["2026-03-04T05:06:07Z", "2026-03-04T06:00:00Z", "05:07:00", "05:08:00"],
    ["2026-03-04T05:06:07Z", "2026-03-04T17:00:00Z", "05:15:00", "05:30:00"],
    ["2026-03-04T05:06:07Z", "2026-03-06T17:00:00Z", "06:00:00", "07:00:00"],
    ["2026-03-04T05:06:07Z", "2026-03-18T17:00:00Z", "06:00:00", "12:00:00"],
  ] as const) {
    const found = edges(since, until, 60, "UTC");
    assert.equal(found[0], since.replace("Z", "+00:00"));
    assert.equal(found.at(-1), until.replace("Z", "+00:00"));
    assert.equal(found[1]?.slice(11, 19), second);
    assert.equal(found[2]?.slice(11, 19), secondButOne);
  }
});

test("days begin at midnight of the zone, weeks on Monday, months on their first day", () => {
  const days = edges("2026-03-04T05:06:07Z", "2026-04-20T00:00:00Z", 60, "Asia/Kolkata").slice(1, -1);
  assert.deepEqual(days.slice(0, 2), ["2026-03-05T00:00:00+05:30", "2026-03-06T00:00:00+05:30"]);
  const weeks = edges("2026-03-04T05:06:07Z", "2027-03-20T00:00:00Z", 60, "America/New_York").slice(1, -1);
  assert.deepEqual(weeks.slice(0, 2), ["2026-03-09T00:00:00-04:00", "2026-03-16T00:00:00-04:00"]);
  const months = edges("2026-03-04T05:06:07Z", "2029-03-20T00:00:00Z", 60, "Europe/Berlin").slice(1, -1);
  assert.deepEqual(months.slice(0, 2), ["2026-04-01T00:00:00+02:00", "2026-05-01T00:00:00+02:00"]);
  const centuries = edges("0001-03-04T05:06:07Z", "9999-03-20T00:00:00Z", 60, "UTC").slice(1, -1);
  assert.deepEqual(centuries.slice(0, 2), ["0200-01-01T00:00:00+00:00", "0400-01-01T00:00:00+00:00"]);
});

test("where clocks are set forward or back, bins still begin at its hours", () => {
  const spring = edges("2026-03-28T23:00:00Z", "2026-03-31T04:00:00Z", 10, "Europe/Berlin");
  assert.deepEqual(spring.slice(0, 3), [
    "2026-03-29T00:00:00+01:00",
    "2026-03-29T06:00:00+02:00",
    "2026-03-29T12:00:00+02:00",
  ]);
  const autumn = edges("2026-10-24T22:00:00Z", "2026-10-27T04:00:00Z", 10, "Europe/Berlin");
  assert.deepEqual(autumn.slice(0, 3), [
    "2026-10-25T00:00:00+02:00",
    "2026-10-25T06:00:00+01:00",
    "2026-10-25T12:00:00+01:00",
  ]);
  const twice = edges("2026-10-25T00:00:00Z", "2026-10-25T03:00:00Z", 3, "Europe/Berlin");
  assert.deepEqual(twice.slice(0, 3), [
    "2026-10-25T02:00:00+02:00",
    "2026-10-25T02:00:00+01:00",
    "2026-10-25T03:00:00+01:00",
  ]);
});

test("where clocks are set back by more than an hour, too, bins go on, and with the calendar", () => {
  const troll = edges("2025-10-25T22:30:00Z", "2025-10-26T08:00:00Z", 12, "Antarctica/Troll");
  assert.deepEqual(troll.slice(0, 4), [
    "2025-10-26T00:30:00+02:00",
    "2025-10-26T01:00:00+02:00",
    "2025-10-26T02:00:00+02:00",
    "2025-10-26T01:00:00+00:00",
  ]);
  for (const zone of Intl.supportedValuesOf("timeZone")) {
    for (let time = Temporal.Instant.from("1960-01-01T00:00Z").toZonedDateTimeISO(zone); ;) {
      const next = time.getTimeZoneTransition("next");
      if (next === null || next.year > 2030) break;
      const isSetBackFar = next.subtract({ seconds: 1 }).offsetNanoseconds - next.offsetNanoseconds > 3_600e9;
      time = next;
      if (!isSetBackFar) continue;
      const since = next.epochMilliseconds * 1_000 - 5_000_000;
      for (const [hours, bins] of [
        [1, 60],
        [9, 1],
        [30, 20],
        [150, 60],
        [900, 60],
      ] as const) {
        const found = calendarEdges({ since, until: since + hours * 3_600_000_000 }, bins, zone);
        assert.ok(found.length - 1 <= bins, zone);
        assert.ok(
          found.every((edge, at) => at === 0 || edge > (found[at - 1] ?? edge)),
          zone,
        );
      }
    }
  }
});

test("for any span, zone and number, edges rise from since to until, and there are no more bins than asked for", () => {
  const zones = ["UTC", "Europe/London", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo", "Asia/Kathmandu"];
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  for (let round = 0; round < 400; round += 1) {
    const since = random(2 ** 31) * 1e6 + random(1e6);
    const until = since + 1 + random(2 ** (5 + random(30))) * 1e6;
    const [bins, zone = ""] = [1 + random(500), zones[random(zones.length)]];
    const found = calendarEdges({ since, until }, bins, zone);
    const told = `${since} ${until} ${bins} ${zone}`;
    assert.equal(found[0], since, told);
    assert.equal(found.at(-1), until, told);
    assert.ok(found.length - 1 <= bins, told);
    assert.ok(
      found.every((edge, at) => at === 0 || edge > (found[at - 1] ?? edge)),
      told,
    );
    // As many as lengths that grow by two and a half allow, but for a few bins of many years.
    if (bins > 10) assert.ok(found.length - 1 >= Math.min(bins / 4, (until - since) / 1e6), told);
  }
});

test("what is no time zone is refused by the field's name", () => {
  for (const zone of ["", "Mars/Olympus", "12", "Europe/London]"]) {
    assert.throws(
      () => calendarEdges({ since: 0, until: 1e6 }, 60, zone),
      (error) => JSON.stringify(error).includes("time_zone"),
    );
  }
});
