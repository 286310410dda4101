import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseGivenText } from "./beginnings.ts";

test("a star at the end makes a beginning, and one behind a backslash is a letter", () => {
  for (const [given, text, isBeginning] of [
    ["svc-*", "svc-", true],
    ["*", "", true],
    [String.raw`svc-\*`, "svc-*", false],
    [String.raw`a\*b*`, "a*b", true],
    [String.raw`CORP\ada`, String.raw`CORP\ada`, false],
    [String.raw`CORP\\*`, "CORP\\", true],
    [String.raw`CORP\\\*`, String.raw`CORP\*`, false],
    [String.raw`\\server\share`, String.raw`\\server\share`, false],
  ] as const) {
    assert.deepEqual(parseGivenText(given, "owner"), { text, isBeginning }, given);
  }
  for (const given of ["a*b", "**", "*a"]) assert.throws(() => parseGivenText(given, "owner"), /write \\\*/, given);
});

test("for any text there is a way to ask for just it, and for what begins with it", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", "*", "\\", "é", "𝄞") }), (text) => {
      const written = text.replaceAll(/(\\*)\*/g, String.raw`$1$1\*`);
      assert.deepEqual(parseGivenText(written, "owner"), { text, isBeginning: false });
      const beginning = `${written.replace(/\\+$/, "$&$&")}*`;
      assert.deepEqual(parseGivenText(beginning, "owner"), { text, isBeginning: true });
    }),
  );
});
