import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import fc from "fast-check";
import { shellWord } from "./shell-word.ts";
import { visible } from "../visible.ts";

test("a word stays as it is where it means nothing else to a shell, and is quoted where it would", () => {
  assert.equal(shellWord("owner=ada,bob"), "owner=ada,bob");
  assert.equal(shellWord(""), "''");
  assert.equal(shellWord("action=auth.*"), "'action=auth.*'");
  assert.equal(shellWord("owner=o'neil smith"), String.raw`'owner=o'\''neil smith'`);
  assert.equal(shellWord("owner=Jürgen 證據"), "'owner=Jürgen 證據'");
});

test("what ends a line, turns text around or can't be seen stands there by its number", () => {
  assert.equal(shellWord("a\nb"), String.raw`$'a\u000ab'`);
  assert.equal(shellWord("a\u202Eb\u2028'\\"), String.raw`$'a\u202eb\u2028\'\\'`);
  assert.equal(shellWord("\u001B[2J\u{E0041}"), String.raw`$'\u001b[2J\U000e0041'`);
});

test("for any text, its word is one line of what can be seen, and bash takes it for the text", () => {
  const texts = fc.array(fc.string({ unit: "binary", maxLength: 20 }), { minLength: 50, maxLength: 50 });
  fc.assert(
    fc.property(texts, (found) => {
      // No word of a command holds a NUL.
      const wanted = [...found, "\n\u202E' \\n $HOME `id` !x"].map((text) => text.toWellFormed().replaceAll("\0", ""));
      const words = wanted.map(shellWord);
      for (const word of words) assert.equal(visible(word).replaceAll(/[\t\n\r]/g, "?"), word);
      const env = { LC_ALL: "C.UTF-8" };
      const script = `for word in ${words.join(" ")}; do printf '%s\\0' "$word"; done`;
      assert.equal(execFileSync("bash", ["--norc", "-c", script], { encoding: "utf8", env }), `${wanted.join("\0")}\0`);
    }),
    { numRuns: 20 },
  );
});
