import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseBound, parseTime, rfc3339Micros } from "./time.ts";

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

test("anything else is refused at its field", () => {
  for (const text of [
    "",
    "yesterday",
    "2018-02-01",
    "2018-13-01T00:00:00Z",
    "2018-02-31T00:00:00Z",
    "2018-02-01T22:28:18",
    "2018-02-01T24:00:00Z",
    "2018-02-01T22:60:00Z",
    "2018-02-01T22:28:60Z",
    "2018-02-01T22:28:61Z",
    "1517524098",
  ]) {
    assert.throws(() => parseTime(text, "until"), {
      code: "invalid",
      fields: { until: ["Give a time as RFC 3339 has it, such as 2018-02-01T22:28:18Z."] },
    });
  }
});

test("a leap second is the last microsecond before midnight, in any zone", () => {
  const last = Date.UTC(2016, 11, 31, 23, 59, 59) * 1000 + 999_999;
  for (const text of ["2016-12-31T23:59:60Z", "2016-12-31T23:59:60.5Z", "2016-12-31T15:59:60-08:00"]) {
    assert.equal(parseTime(text, "since"), last, text);
  }
});

test("a bound outside of all times is infinite, and a time of an event there is refused", () => {
  assert.equal(parseBound("0001-01-01T00:00:00Z", "since"), -Infinity);
  assert.equal(parseBound("9999-12-31T23:59:59Z", "until"), Infinity);
  assert.equal(parseBound("2018-02-01T22:28:18Z", "until"), Date.UTC(2018, 1, 1, 22, 28, 18) * 1000);
  for (const [text, mend] of [
    ["0001-01-01T00:00:00Z", "Give a time after the year 1684."],
    ["9999-12-31T23:59:59Z", "Give a time before the year 2255."],
  ] as const) {
    assert.throws(() => parseTime(text, "occurred"), { fields: { occurred: [mend] } });
  }
});

test("a + that became a blank is named as the cause", () => {
  assert.throws(() => parseTime("2018-02-01T22:28:18 02:00", "since"), {
    message: /RFC 3339.*The \+ of its offset became a blank on its way: write %2B for it in an address\.$/,
  });
  assert.throws(() => parseTime("2018-02-01 22:28:18", "since"), { message: /^(?!.*%2B)/ });
});
