import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseTimeout, timeoutText } from "./timeout.ts";

test("what is no timeout is refused", () => {
  for (const value of ["", "abc", "-1", -1, 1.5, "1:2:3:4", "1:60:00", "0:00:60", "1 week", "1e3", true, null, {}]) {
    assert.throws(() => parseTimeout(value, "timeout"), {
      fields: { timeout: ["Enter a number of seconds, or hours, minutes and seconds such as 1:30:00."] },
    });
  }
  assert.throws(() => parseTimeout(31_536_001, "timeout_seconds"), {
    fields: { timeout_seconds: ["Enter at most 31536000 seconds, or 0 for no limit."] },
  });
});

test("seconds, and hours, minutes and seconds, with days or without", () => {
  const wanted = [
    [0, 0],
    ["90", 90],
    ["5:00", 300],
    ["0:05:00", 300],
    ["00:05:00", 300],
    ["12:00:00", 43_200],
    ["36:00:00", 129_600],
    ["1 day, 0:00:00", 86_400],
    ["2 days, 3:04:05", 183_845],
    ["2 3:04:05", 183_845],
    [" 90 ", 90],
  ] as const;
  for (const [text, seconds] of wanted) assert.equal(parseTimeout(text, "timeout"), seconds, String(text));
});

test("it prints as Python prints a duration", () => {
  const wanted = [
    [0, "0:00:00"],
    [43_200, "12:00:00"],
    [86_400, "1 day, 0:00:00"],
    [183_845, "2 days, 3:04:05"],
  ] as const;
  for (const [seconds, text] of wanted) assert.equal(timeoutText(seconds), text);
});

test("for any timeout, what is printed is read as the same", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 31_536_000 }), (seconds) => {
      assert.equal(parseTimeout(timeoutText(seconds), "timeout"), seconds);
    }),
  );
});
