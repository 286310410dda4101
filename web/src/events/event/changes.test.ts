import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { diffLines, divideDetails, valueLines } from "./changes.ts";

test("fields with an old and a new value are changes, all else is not", () => {
  const details = { zone: { old: "default", new: "north" }, comment: "moved", nested: { old: 1 } };
  assert.deepEqual(divideDetails(details), {
    changes: [{ field: "zone", old: "default", new: "north" }],
    rest: [
      ["comment", "moved"],
      ["nested", { old: 1 }],
    ],
  });
});

test("lists and texts are compared line by line", () => {
  assert.deepEqual(valueLines(["a", "b"]), ["a", "b"]);
  assert.deepEqual(diffLines(["a", "b", "c"], ["a", "c", "d"]), [
    { kind: "same", text: "a" },
    { kind: "removed", text: "b" },
    { kind: "same", text: "c" },
    { kind: "added", text: "d" },
  ]);
});

test("for any two lists a comparison holds both", () => {
  const lists = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 12 });
  fc.assert(
    fc.property(lists, lists, (old, now) => {
      const lines = diffLines(old, now);
      assert.deepEqual(
        lines.filter(({ kind }) => kind !== "added").map(({ text }) => text),
        old,
      );
      assert.deepEqual(
        lines.filter(({ kind }) => kind !== "removed").map(({ text }) => text),
        now,
      );
    }),
  );
});
