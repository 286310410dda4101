import assert from "node:assert/strict";
import { test } from "node:test";
import { Horizon } from "./horizon.ts";

const minute = 60_000;
const row = (id: number, minutes: number) => ({ id, created: minutes * minute * 1_000 });

test("what was ten minutes old when reading began is settled, up to the first younger event and no further", () => {
  const horizon = new Horizon(100 * minute * 1_000);
  assert.equal(horizon.settledAmong([row(1, 10), row(2, 20)]), 2);
  assert.equal(horizon.settledAmong([row(3, 80), row(5, 95), row(6, 70)]), 3);
  assert.equal(horizon.settledAmong([row(7, 30)]), 0);
});

test("an id is settled ten minutes after it was the highest one", () => {
  let now = 0;
  const horizon = new Horizon(0, () => now);
  assert.equal(horizon.settled(10), 0);
  now = 5 * minute;
  assert.equal(horizon.settled(20), 0);
  now = 10 * minute;
  assert.equal(horizon.settled(20), 10);
  now = 15 * minute - 1;
  assert.equal(horizon.settled(30), 10);
  now = 15 * minute;
  assert.equal(horizon.settled(30), 20);
  now = 60 * minute;
  assert.equal(horizon.settled(30), 30);
});
