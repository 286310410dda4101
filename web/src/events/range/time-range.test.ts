import assert from "node:assert/strict";
import { test } from "node:test";

// The clock there is set back in October.
// oxlint-disable-next-line node/no-process-env -- there is no other way to say where this process is
process.env["TZ"] = "Europe/Berlin";
const { moved, presets, rangeOf, rangeWords, withRange, zoomedOut } = await import("./time-range.ts");

const now = Date.parse("2026-11-23T08:30:00Z");
const words = (range: Parameters<typeof rangeWords>[0]): string => rangeWords(range, now);

test("a range is said in words", () => {
  assert.deepEqual(presets.map(words), [
    "Last 15 minutes",
    "Last hour",
    "Last 24 hours",
    "Last 7 days",
    "Last 30 days",
    "Last 90 days",
    "Today",
    "Yesterday",
    "All time",
  ]);
  assert.equal(words({ since: "2026-10-31T23:00:00Z", until: "2026-11-03T23:00:00Z" }), "1 Nov to 3 Nov");
  assert.equal(words({ since: "2026-10-31T23:00:00Z", until: "2026-11-01T23:00:00Z" }), "1 Nov");
  assert.equal(words({ since: "2025-10-31T23:00:00Z" }), "From 1 Nov 2025");
  assert.equal(words({ until: "2026-11-03T08:30:00Z" }), "Before 3 Nov, 09:30");
  assert.equal(words({ since: "7d", until: "1h" }), "7 days ago to 1 hour ago");
  assert.equal(words({ since: "2026-11-03T08:30:00Z", until: "2026-11-03T09:00:00Z" }), "3 Nov, 09:30 to 3 Nov, 10:00");
});

test("two ends that differ never read the same, and a day's name never stands for its first moment", () => {
  assert.equal(
    words({ since: "2026-10-25T00:30:00Z", until: "2026-10-25T01:30:00Z" }),
    "25 Oct, 02:30 +02:00 to 25 Oct, 02:30 +01:00",
  );
  assert.equal(
    words({ since: "2026-11-03T08:30:00Z", until: "2026-11-03T08:30:05Z" }),
    "3 Nov, 09:30 to 3 Nov, 09:30:05",
  );
  assert.equal(words({ since: "2026-11-02T07:00:00Z", until: "2026-11-02T23:00:00Z" }), "2 Nov, 08:00 to 3 Nov, 00:00");
  assert.equal(words({ since: "2026-10-31T23:00:00Z", until: "today" }), "1 Nov, 00:00 to today, 00:00");
  assert.equal(words({ since: "7d", until: "yesterday" }), "7 days ago to yesterday, 00:00");
});

test("no range is beyond the years that a filter has, or turned round", () => {
  const all = { since: "0001-01-01T00:00:00Z", until: "9999-12-31T00:00:00Z" };
  assert.equal(moved(all, -1, now), undefined);
  assert.deepEqual(zoomedOut(all, now), {});
  const later = { since: "2030-01-01T00:00:00Z" };
  assert.equal(moved(later, -1, now), undefined);
  assert.equal(moved(later, 1, now), undefined);
  assert.equal(zoomedOut(later, now), undefined);
});

test("the range before and after is as long, also over an hour that comes twice", () => {
  const octoberDays = { since: "2026-10-24T22:00:00Z", until: "2026-10-25T23:00:00Z" };
  assert.deepEqual(moved(octoberDays, 1, now), { since: "2026-10-25T23:00:00Z", until: "2026-10-26T23:00:00Z" });
  assert.deepEqual(moved(octoberDays, -1, now), { since: "2026-10-23T22:00:00Z", until: "2026-10-24T22:00:00Z" });
  assert.deepEqual(moved({ since: "today" }, -1, now), { since: "yesterday", until: "today" });
  assert.deepEqual(moved({ since: "yesterday", until: "today" }, 1, now), { since: "today" });
  assert.deepEqual(moved({ since: "24h" }, -1, now), { since: "2026-11-21T08:30:00Z", until: "2026-11-22T08:30:00Z" });
  assert.equal(moved({ since: "24h" }, 1, now), undefined);
  assert.equal(moved({ until: "today" }, -1, now), undefined);
  assert.equal(moved({}, -1, now), undefined);
});

test("twice as long around the middle, and relative where it was", () => {
  assert.deepEqual(zoomedOut({ since: "7d" }, now), { since: "14d" });
  assert.deepEqual(zoomedOut({ since: "9000d" }, now), {});
  assert.deepEqual(zoomedOut({ since: "2026-11-03T08:00:00Z", until: "2026-11-03T10:00:00Z" }, now), {
    since: "2026-11-03T07:00:00Z",
    until: "2026-11-03T11:00:00Z",
  });
  assert.deepEqual(zoomedOut({ since: "2026-11-23T06:00:00Z", until: "2026-11-23T08:00:00Z" }, now), {
    since: "2026-11-23T05:00:00Z",
  });
  assert.deepEqual(zoomedOut({ until: "today" }, now), {});
  assert.equal(zoomedOut({}, now), undefined);
});

test("the range of a filter takes the place of the one before, and leaves the rest", () => {
  const terms = withRange([{ key: "user", value: "ada", isExcluded: false }], { since: "7d" });
  const later = withRange(terms, { until: "today" });
  assert.deepEqual(rangeOf(terms), { since: "7d" });
  assert.deepEqual(rangeOf(later), { until: "today" });
  assert.equal(later[0]?.value, "ada");
  assert.deepEqual(withRange(later, {}), terms.slice(0, 1));
});
