import assert from "node:assert/strict";
import { test } from "node:test";
import { allLevels } from "../filter/level.ts";
import { idBounds } from "./page-query.ts";

test("window and filter give one bound on each side, the tighter one: SQLite seeks with no more", () => {
  const levels = allLevels;
  assert.deepEqual(idBounds({ levels }, { kind: "newest" }), { above: undefined, below: undefined });
  assert.deepEqual(idBounds({ levels, idFrom: 5, idBelow: 9 }, { kind: "newest" }), { above: 4, below: 9 });
  assert.deepEqual(idBounds({ levels, idFrom: 5, idBelow: 9 }, { kind: "after", id: 2 }), { above: 4, below: 9 });
  assert.deepEqual(idBounds({ levels, idFrom: 5, idBelow: 9 }, { kind: "after", id: 7 }), { above: 7, below: 9 });
  assert.deepEqual(idBounds({ levels, idFrom: 5, idBelow: 9 }, { kind: "before", id: 7 }), { above: 4, below: 7 });
  assert.deepEqual(idBounds({ levels, idFrom: 5, idBelow: 9 }, { kind: "before", id: 12 }), { above: 4, below: 9 });
});
