import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { rfc3339Micros } from "../verifiable-log/leaf.ts";
import { parseTime } from "./time.ts";

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
    "1517524098",
  ]) {
    assert.throws(() => parseTime(text, "until"), {
      code: "invalid",
      fields: { until: ["Give a time as RFC 3339 has it, such as 2018-02-01T22:28:18Z."] },
    });
  }
});
