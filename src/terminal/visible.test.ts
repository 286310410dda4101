import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { visible as visibleInPages } from "../../web/src/page/text/visible.ts";
import { visible } from "./visible.ts";

test("control characters and those that turn text around are shown, and nothing else is changed", () => {
  for (const [text, shown] of [
    ["\u001b[2J\u001b]0;title\u0007", String.raw`\u001b[2J\u001b]0;title\u0007`],
    ["\u009b31m\u007f\0", String.raw`\u009b31m\u007f\u0000`],
    ["user\u202etxt.exe\u2066\u2069\u200f", String.raw`user\u202etxt.exe\u2066\u2069\u200f`],
    ["admin\u200d\u206f\u115f\u{e0001}", String.raw`admin\u200d\u206f\u115f\udb40\udc01`],
    ["admin\u200b\ufeff\u00ad", String.raw`admin\u200b\ufeff\u00ad`],
    ["all is well\rnothing", String.raw`all is well\u000dnothing`],
    ["one\r\ntwo\n\tthree", "one\r\ntwo\n\tthree"],
    ["Ünïcödé, 漢字, שלום, 😀", "Ünïcödé, 漢字, שלום, 😀"],
  ] as const) {
    assert.equal(visible(text), shown);
  }
});

test("for any text, nothing that acts on a terminal is left, and what is shown stays as it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const shown = visible(text);
      assert.ok(!/(?![\t\n\r])\p{Cc}|\p{Bidi_Control}|\r(?!\n)/u.test(shown));
      assert.equal(visible(shown), shown);
    }),
  );
});

test("for any text, the pages show what the terminal shows: they can't share the code", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => assert.equal(visibleInPages(text), visible(text))));
});
