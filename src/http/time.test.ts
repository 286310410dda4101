import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { rfc3339Micros } from "../verifiable-log/leaf.ts";
import { parseBound, parseTime } from "./time.ts";

test("for any time, what is printed is read back", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 8e15 }), (micros) => {
      assert.equal(parseTime(rfc3339Micros(micros), "since"), micros);
    }),
  );
});

test("offsets are followed, and digits beyond microseconds are dropped", () => {
  assert.equal(parseTime("2018-02-01T22:28:18+02:00", "since"), Date.UTC(2018, 1, 1, 20, 28, 18) * 1000);
  assert.equal(parseTime("2018-02-01t22:28:18.1234569z", "since"), Date.UTC(2018, 1, 1, 22, 28, 18) * 1000 + 123_456);
});

test("a leap second is the end of the second before it, in any zone, and nowhere else in a day", () => {
  const end = Date.UTC(2016, 11, 31, 23, 59, 59) * 1000 + 999_999;
  for (const text of ["2016-12-31T23:59:60Z", "2016-12-31T23:59:60.5Z", "2017-01-01T05:29:60+05:30"]) {
    assert.equal(parseTime(text, "since"), end, text);
  }
  assert.equal(parseTime("1966-12-31T23:59:60Z", "since"), Date.UTC(1966, 11, 31, 23, 59, 59) * 1000 + 999_999);
  for (const text of ["2016-12-31T12:00:60Z", "2016-12-31T23:59:60+01:00", "2016-12-31T23:59:61Z"]) {
    assert.throws(() => parseTime(text, "since"), /Give a time as RFC 3339 has it/, text);
  }
});

test("a bound at the edge of all times lets all through; a time that can't be stored is refused", () => {
  assert.equal(parseBound("0001-01-01T00:00:00Z", "since"), Number.MIN_SAFE_INTEGER);
  assert.equal(parseBound("9999-12-31T23:59:59Z", "until"), Number.MAX_SAFE_INTEGER);
  assert.throws(() => parseTime("9999-12-31T23:59:59Z", "occurred"), /between the years 1685 and 2255/);
});

test("a plus that became a blank is named as the cause", () => {
  assert.throws(() => parseBound("2018-02-01T22:28:18 02:00", "since"), /The '\+' .* write it as %2B/);
});

test("anything else is refused at its field", () => {
  for (const text of [
    "",
    "yesterday",
    "2018-02-01",
    "2018-13-01T00:00:00Z",
    "2018-02-31T00:00:00Z",
    "2018-02-01T22:28:18",
    "1517524098",
  ]) {
    assert.throws(() => parseTime(text, "until"), {
      code: "invalid",
      fields: { until: ["Give a time as RFC 3339 has it, such as 2018-02-01T22:28:18Z."] },
    });
  }
});
