import assert from "node:assert/strict";
import { test } from "node:test";
import { visible } from "./visible.ts";

test("what acts on text or can't be seen is shown, and nothing else is changed", () => {
  assert.equal(visible("\u202Etxt.live\u202C"), String.raw`\u202etxt.live\u202c`);
  assert.equal(visible("admin\u200B\uFEFF"), String.raw`admin\u200b\ufeff`);
  assert.equal(visible("a\x1B[31m\r\x7F\x85"), String.raw`a\u001b[31m\u000d\u007f\u0085`);
  for (const text of ["Zoë, 東京\tעברית\r\n👩‍💻 می‌خواهم", ""]) assert.equal(visible(text), text);
});
