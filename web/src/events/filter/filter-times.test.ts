import assert from "node:assert/strict";
import { test } from "node:test";
import { describeTime, fixedTime, parseCreated, parseFilterTime, resolveTime, rfc3339 } from "./filter-times.ts";

// Days without a zone are this computer's: run with another TZ, these tests hold too.

const now = Date.UTC(2026, 10, 25, 8, 30, 15, 250);
const day = 86_400_000;

test("a time without a zone is this computer's, and is printed in UTC", () => {
  const local = (...parts: readonly [number, number, number, number?, number?, number?]): string => {
    const [year, month, date, hour = 0, minute = 0, second = 0] = parts;
    return fixedTime(new Date(year, month - 1, date, hour, minute, second).getTime());
  };
  assert.equal(parseFilterTime("2026-11-23"), local(2026, 11, 23));
  assert.equal(parseFilterTime("2026-07-01"), local(2026, 7, 1));
  assert.equal(parseFilterTime("2026-11-23T08:30"), local(2026, 11, 23, 8, 30));
  assert.equal(parseFilterTime("2026-11-23T08:30:15"), local(2026, 11, 23, 8, 30, 15));
  assert.equal(parseFilterTime("2024-02-29"), local(2024, 2, 29));
});

test("a time with a zone means the same everywhere", () => {
  assert.equal(parseFilterTime("2026-11-23T08:30Z"), "2026-11-23T08:30:00Z");
  assert.equal(parseFilterTime("2026-11-23t08:30:15z"), "2026-11-23T08:30:15Z");
  assert.equal(parseFilterTime("2026-11-23T00:30+02:00"), "2026-11-22T22:30:00Z");
  assert.equal(parseFilterTime("2026-11-23T20:30-05:30"), "2026-11-24T02:00:00Z");
  assert.equal(parseFilterTime("2026-11-23Z"), "2026-11-23T00:00:00Z");
  assert.equal(parseFilterTime("2018-02-01T22:28:18.000123Z"), "2018-02-01T22:28:18.000123Z");
  assert.equal(parseFilterTime("2018-02-01T22:28:18.120000Z"), "2018-02-01T22:28:18.12Z");
});

test("what is no time isn't taken for one", () => {
  const wrong = [
    "",
    "now",
    "23.11.2026",
    "2026-13-01",
    "2026-02-30",
    "2026-11-23T24:00",
    "2026-11-23T08:60",
    "2026-11-23T08",
  ];
  const more = ["2026-11-23T08:30:60", "0m", "7", "d", "7y", "-7d", "1.5h", "12345d", "2016-12-31T23:58:60Z", "Today"];
  const zones = [
    "2026-11-23T08:30+24:00",
    "2026-11-23T08:30+01:60",
    "2026-11-23T08:30+1",
    "2026-11-23T08:30:15.1234567Z",
  ];
  for (const text of [...wrong, ...more, ...zones, "2026-11-23 08:30", " 2026-11-23"]) {
    assert.equal(parseFilterTime(text), undefined, text);
  }
});

test("times at the edge are taken, as the server takes them", () => {
  for (const [text, printed] of [
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"],
    ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"],
    ["1969-12-31Z", "1969-12-31T00:00:00Z"],
    ["2016-12-31T23:59:60Z", "2016-12-31T23:59:59.999999Z"],
    ["2016-12-31T15:59:60-08:00", "2016-12-31T23:59:59.999999Z"],
  ] as const) {
    assert.equal(parseFilterTime(text), printed, text);
  }
  assert.deepEqual(parseCreated("0001-01-01Z..9999-12-31Z", now), {
    since: "0001-01-01T00:00:00Z",
    until: "9999-12-31T23:59:59Z",
  });
});

test("relative times stay, and go with the clock", () => {
  for (const text of ["15m", "24h", "7d", "4w", "today", "yesterday"]) assert.equal(parseFilterTime(text), text);
  assert.equal(resolveTime("15m", now), (now - 900_000) * 1000);
  assert.equal(resolveTime("4w", now), (now - 28 * day) * 1000);
  const { fullYear, month, date } = {
    fullYear: new Date(now).getFullYear(),
    month: new Date(now).getMonth(),
    date: new Date(now).getDate(),
  };
  assert.equal(resolveTime("today", now), new Date(fullYear, month, date).getTime() * 1000);
  assert.equal(resolveTime("yesterday", now), new Date(fullYear, month, date - 1).getTime() * 1000);
  assert.equal(resolveTime("2018-02-01T22:28:18.000123Z", now), Date.UTC(2018, 1, 1, 22, 28, 18) * 1000 + 123);
  assert.equal(rfc3339("24h", now), "2026-11-24T08:30:15.250Z");
  assert.equal(rfc3339("2018-02-01T22:28:18.000123Z", now), "2018-02-01T22:28:18.000123Z");
});

test("created is rewritten to since and until, and both its days are whole", () => {
  assert.deepEqual(parseCreated(">=2026-11-23Z", now), { since: "2026-11-23T00:00:00Z" });
  assert.deepEqual(parseCreated("<7d", now), { until: "7d" });
  assert.deepEqual(parseCreated("2026-11-01Z..2026-11-23Z", now), {
    since: "2026-11-01T00:00:00Z",
    until: "2026-11-24T00:00:00Z",
  });
  assert.deepEqual(parseCreated("2026-11-23T08:00Z..2026-11-23T09:00Z", now), {
    since: "2026-11-23T08:00:00Z",
    until: "2026-11-23T09:00:00Z",
  });
  assert.deepEqual(parseCreated("4w..yesterday", now), { since: "4w", until: "today" });
  const tomorrow = fixedTime(
    new Date(new Date(now).getFullYear(), new Date(now).getMonth(), new Date(now).getDate() + 1).getTime(),
  );
  assert.deepEqual(parseCreated("yesterday..today", now), { since: "yesterday", until: tomorrow });
  assert.deepEqual(parseCreated("2026-10-25..2026-10-25", now), {
    since: parseFilterTime("2026-10-25"),
    until: parseFilterTime("2026-10-26"),
  });
  for (const text of ["", "2026-11-23", ">2026-11-23", "<=2026-11-23", "2026-11-23..", "..7d", ">=", "x..y"]) {
    assert.equal(parseCreated(text, now), undefined, text);
  }
});

test("times are told on this computer's clock", () => {
  const here = (...parts: readonly [number, number, number, number, number, number]): string =>
    fixedTime(new Date(...parts).getTime());
  assert.equal(describeTime(here(2026, 10, 23, 8, 30, 0)), "2026-11-23 08:30");
  assert.equal(describeTime(here(2026, 10, 23, 8, 30, 5)), "2026-11-23 08:30:05");
  assert.equal(describeTime(here(2026, 10, 23, 0, 0, 0)), "2026-11-23");
  assert.deepEqual(["24h", "today"].map(describeTime), ["24h ago", "today"]);
});
