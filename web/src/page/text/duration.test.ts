import assert from "node:assert/strict";
import { test } from "node:test";
import { exactDuration, roughDuration } from "./duration.ts";

test("a setting is shown to the second, in the longest unit that needs no fraction", () => {
  const shown = [0, 1, 59, 60, 90, 600, 3_600, 5_400, 86_400, 259_200].map(exactDuration);
  assert.deepEqual(shown, [
    "0 seconds",
    "1 second",
    "59 seconds",
    "1 minute",
    "90 seconds",
    "10 minutes",
    "1 hour",
    "90 minutes",
    "1 day",
    "3 days",
  ]);
});

test("a lag is shown by its longest unit alone", () => {
  const shown = [0, 61, 3_599, 3_600, 200_000].map(roughDuration);
  assert.deepEqual(shown, ["0 seconds", "1 minute", "59 minutes", "1 hour", "2 days"]);
});
