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

test("an hour that never comes stands for when the clock is set forward: nothing after it is left out", () => {
  assert.equal(parseFilterTime("2026-03-29T01:59:59"), "2026-03-29T00:59:59Z");
  for (const skipped of ["02:00", "02:30", "02:59:59"])
    assert.equal(parseFilterTime(`2026-03-29T${skipped}`), "2026-03-29T01:00:00Z");
  assert.equal(parseFilterTime("2026-03-29T03:00"), "2026-03-29T01:00:00Z");
  assert.equal(parseFilterTime("2026-03-29T03:30"), "2026-03-29T01:30:00Z");
});

test("any zone's twice and never: half an hour, two hours, a day", () => {
  const inZone = (zone: string, check: () => void): void => {
    // oxlint-disable-next-line node/no-process-env -- as above
    process.env["TZ"] = zone;
    try {
      check();
    } finally {
      // oxlint-disable-next-line node/no-process-env -- as above
      process.env["TZ"] = "Europe/Berlin";
    }
  };
  inZone("Australia/Lord_Howe", () => {
    assert.equal(describeTime("2026-04-04T14:45:00Z"), "2026-04-05 01:45 +11:00");
    assert.equal(describeTime("2026-04-04T15:15:00Z"), "2026-04-05 01:45 +10:30");
    assert.equal(describeTime("2026-04-04T15:45:00Z"), "2026-04-05 02:15");
  });
  inZone("Antarctica/Troll", () => {
    assert.equal(describeTime("2026-10-24T23:30:00Z"), "2026-10-25 01:30 +02:00");
    assert.equal(describeTime("2026-10-25T01:30:00Z"), "2026-10-25 01:30 +00:00");
    assert.equal(parseFilterTime("2026-03-29T01:30"), "2026-03-29T01:00:00Z");
  });
  inZone("America/St_Johns", () => {
    assert.equal(describeTime("2026-11-01T03:45:00Z"), "2026-11-01 01:15 −02:30");
    assert.equal(describeTime("2026-11-01T04:45:00Z"), "2026-11-01 01:15 −03:30");
    assert.equal(parseFilterTime("2026-03-08T02:15"), "2026-03-08T05:30:00Z");
  });
  inZone("Asia/Kathmandu", () => assert.equal(describeTime("2026-11-01T03:15:00Z"), "2026-11-01 09:00"));
  inZone("Pacific/Apia", () => {
    // There was no 30th: the island went over to the other side of the date line.
    assert.equal(parseFilterTime("2011-12-30T10:00"), "2011-12-30T10:00:00Z");
    assert.equal(parseFilterTime("2011-12-31"), "2011-12-30T10:00:00Z");
    assert.equal(describeTime("2011-12-30T09:00:00Z"), "2011-12-29 23:00");
  });
});
