import assert from "node:assert/strict";
import { test } from "node:test";
import { pythonPairs, pythonRepr } from "./python-repr.ts";

// Known answers of Python's repr().

test("text is quoted as Python does", () => {
  assert.equal(pythonRepr("east"), "'east'");
  assert.equal(pythonRepr("it's"), `"it's"`);
  assert.equal(pythonRepr(`it's "so"`), String.raw`'it\'s "so"'`);
  assert.equal(pythonRepr("a\\b\n\u0007ü"), String.raw`'a\\b\n\x07ü'`);
});

test("parameters keep their order, and repeated ones are together", () => {
  const pairs = [
    ["zone", "a"],
    ["tags", "x"],
    ["zone", "b"],
  ] as const;
  assert.equal(pythonPairs(pairs), "[('zone', ['a', 'b']), ('tags', ['x'])]");
});
