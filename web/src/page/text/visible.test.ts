import assert from "node:assert/strict";
import { test } from "node:test";
import { visible } from "./visible.ts";

test("what acts on text or can't be seen is shown, and nothing else is changed", () => {
  assert.equal(visible("\u202Etxt.live\u202C"), String.raw`\u202etxt.live\u202c`);
  assert.equal(visible("admin\u200B\uFEFF"), String.raw`admin\u200b\ufeff`);
  for (const unseen of [
    "\u200C",
    "\u200D",
    "\u2028",
    "\u034F",
    "\u206A",
    "\uFFF9",
    "\u3164",
    "\u2800",
    "\uFE0F",
    "\u115F",
  ]) {
    assert.equal(visible(`admin${unseen}`), `admin\\u${unseen.charCodeAt(0).toString(16).padStart(4, "0")}`);
  }
  assert.equal(visible("admin\u{E0041}"), String.raw`admin\udb40\udc41`);
  assert.equal(visible("ad\u200Dmin"), String.raw`ad\u200dmin`);
  assert.equal(visible("a\x1B[31m\r\x7F\x85"), String.raw`a\u001b[31m\u000d\u007f\u0085`);
  for (const text of ["Zoë, 東京\tעברית\r\n👩‍💻 ❤️ 👩🏽‍🔧 می‌خواهم क्‍ष", ""]) assert.equal(visible(text), text);
});
