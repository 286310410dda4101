import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { drawnRuns, ledgerRange, stripHeight, stripWidth } from "./ledger-strip.ts";
import type { SourceWithLedger } from "./source.ts";

type Run = SourceWithLedger["runs"][number];

const noted = "2026-11-30T00:00:00Z";
const run = (state: Run["state"], first: number, last: number): Run => ({ state, first, last, noted });
const range = (recordedTo: number, runs: readonly Run[]) => ledgerRange({ recorded_to: recordedTo, runs });

test("the strip begins behind what MAAS had deleted before, and where older runs aren't listed, with the oldest that is", () => {
  assert.equal(range(0, []), undefined);
  assert.deepEqual(range(9, []), { first: 1, last: 9, isCut: false });
  assert.deepEqual(range(9, [run("gap", 3, 4)]), { first: 1, last: 9, isCut: false });
  assert.deepEqual(range(9, [run("gap", 8, 8), run("gap", 1, 4)]), { first: 5, last: 9, isCut: false });
  assert.deepEqual(range(4, [run("gap", 1, 4)]), { first: 1, last: 4, isCut: false });
  const listed = Array.from({ length: 1_000 }, (_, at) => run("gap", 5_000 - 2 * at, 5_000 - 2 * at));
  assert.deepEqual(range(5_001, listed), { first: 3_002, last: 5_001, isCut: true });
});

test("for any ledger, each run is drawn inside the strip, wide enough to be seen, and alarms above all else", () => {
  const runs = fc.uniqueArray(
    fc.record({
      state: fc.constantFrom("gap", "vanished", "changed"),
      first: fc.integer({ min: 2, max: 1_000_000 }),
      length: fc.integer({ min: 1, max: 50_000 }),
    }),
    { selector: ({ first }) => first, maxLength: 50 },
  );
  fc.assert(
    fc.property(runs, (found) => {
      const shown = found.map(({ state, first, length }) => run(state, first, first + length - 1));
      const drawn = drawnRuns(shown, { first: 1, last: 1_100_000, isCut: false });
      assert.equal(drawn.length, shown.length);
      for (const { x, width, y, height } of drawn) {
        assert.ok(x >= 0 && width >= 3 && x + width <= stripWidth);
        assert.ok(y >= 0 && height > 0 && y + height <= stripHeight);
      }
      const order = drawn.map(({ state }) => ["gap", "changed", "vanished"].indexOf(state));
      assert.deepEqual(
        order,
        order.toSorted((one, other) => one - other),
      );
    }),
  );
});
