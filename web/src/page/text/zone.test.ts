import assert from "node:assert/strict";
import { test } from "node:test";

// oxlint-disable-next-line node/no-process-env -- there is no other way to say where this process is
process.env["TZ"] = "Europe/Berlin";
const { describeTime, parseFilterTime, rfc3339 } = await import("../../events/filter/filter-times.ts");
const { dayStart, midnight, showUtc } = await import("./zone.ts");

const late = Date.parse("2026-11-23T23:30:00Z");

test("a day without a zone, and today, are those of the zone that is shown", () => {
  assert.equal(parseFilterTime("2026-11-01"), "2026-10-31T23:00:00Z");
  assert.equal(describeTime("2026-10-31T23:00:00Z"), "2026-11-01");
  assert.equal(rfc3339("today", late), "2026-11-23T23:00:00.000Z");
  assert.equal(dayStart("2026-11-01").toISOString(), "2026-10-31T23:00:00.000Z");
  assert.equal(new Date(midnight(new Date("2026-10-24T22:00:00Z"), 1)).toISOString(), "2026-10-25T23:00:00.000Z");
  showUtc(true);
  try {
    assert.equal(parseFilterTime("2026-11-01"), "2026-11-01T00:00:00Z");
    assert.equal(describeTime("2026-11-01T00:00:00Z"), "2026-11-01");
    assert.equal(rfc3339("today", late), "2026-11-23T00:00:00.000Z");
    assert.equal(dayStart("2026-11-01").toISOString(), "2026-11-01T00:00:00.000Z");
  } finally {
    showUtc(false);
  }
});

test("an hour that comes twice has its offset, and none in UTC", () => {
  assert.equal(describeTime("2026-10-25T00:30:00Z"), "2026-10-25 02:30 +02:00");
  assert.equal(describeTime("2026-10-25T01:30:00Z"), "2026-10-25 02:30 +01:00");
  showUtc(true);
  try {
    assert.equal(describeTime("2026-10-25T01:30:00Z"), "2026-10-25 01:30");
  } finally {
    showUtc(false);
  }
});
