import assert from "node:assert/strict";
import { test } from "node:test";
import { applyPatch } from "diff";
import fc from "fast-check";
import { unifiedDiff } from "./revision-diff.ts";

test("texts that are the same have no difference", () => {
  assert.deepEqual(unifiedDiff("a\n", "a\n"), { text: "", isWhole: false });
});

test("a difference is what diff -u prints", () => {
  const { text, isWhole } = unifiedDiff("#!/bin/sh\necho a\n", "#!/bin/sh\necho b");
  assert.equal(isWhole, false);
  assert.equal(
    text,
    "--- before\n+++ after\n@@ -1,2 +1,2 @@\n #!/bin/sh\n-echo a\n+echo b\n\\ No newline at end of file\n",
  );
});

test("from nothing, everything is added", () => {
  assert.equal(unifiedDiff("", "a\nb\n").text, "--- before\n+++ after\n@@ -0,0 +1,2 @@\n+a\n+b\n");
});

test("beyond the bounds one text replaces the other, which takes no time and still applies", () => {
  const lines = (count: number, word: string) => Array.from({ length: count }, (_, at) => `${word} ${at}\n`).join("");
  for (const [before, after] of [
    [lines(2_000, "old"), lines(2_000, "new")],
    ["\n".repeat(500_000), "x\n".repeat(500_000)],
    ["ab\n".repeat(15_000), "ab\nb\n".repeat(15_000)],
  ] as const) {
    const { text, isWhole } = unifiedDiff(before, after);
    assert.equal(isWhole, true);
    assert.equal(applyPatch(before, text), after);
  }
});

test("for any two texts, the difference turns one into the other", () => {
  const text = fc
    .array(fc.constantFrom("a\n", "b\n", "c\n", "\n", "-\n", "\\\n"), { maxLength: 30 })
    .chain((lines) => fc.constantFrom("", "end").map((last) => lines.join("") + last));
  fc.assert(
    fc.property(text, text, (before, after) => {
      assert.equal(applyPatch(before, unifiedDiff(before, after).text), after);
    }),
  );
});
