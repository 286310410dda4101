import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { Refusal } from "../../refusal.ts";
import { assertText, findFormDecoded, findPercentDecoded, headerText, wellFormed } from "./text.ts";

const anyText = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) });

test("control characters and lone surrogates become U+FFFD", () => {
  assert.equal(wellFormed("a\0b\tc\r\nd\u007fe\ud800f\udc00", 100), "a\ufffdb\ufffdc\ufffd\ufffdd\ufffde\ufffdf\ufffd");
});

test("a surrogate pair at the cut is dropped whole, a lone one is replaced", () => {
  assert.equal(wellFormed("a😀b", 2), "a");
  assert.equal(wellFormed("a😀b", 3), "a😀");
  assert.equal(wellFormed("a\ud83d", 2), "a\ufffd");
  assert.equal(wellFormed("a\ud83d\ud83d", 2), "a\ufffd");
  assert.equal(wellFormed("😀", 0), "");
});

test("for any text and limit, the result is well-formed, without control characters and short enough", () => {
  fc.assert(
    fc.property(anyText, fc.nat(20), (text, maxLength) => {
      const result = wellFormed(text, maxLength);
      assert(result.isWellFormed());
      assert(result.length <= maxLength && result.length >= Math.min(text.length, maxLength) - 1);
      assert.doesNotMatch(result, /\p{Cc}/u);
      assert.equal(wellFormed(result, maxLength), result);
    }),
  );
});

test("for any text without control characters, a header in UTF-8 reads as that text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const raw = Buffer.from(text, "utf8").toString("latin1");
      assert.equal(headerText(raw, 10_000), wellFormed(text, 10_000));
    }),
  );
});

test("a header that is not UTF-8 reads as Latin-1", () => {
  assert.equal(headerText("caf\u00e9", 100), "café");
  assert.equal(headerText("caf\u00c3\u00a9", 100), "café");
});

test("text with a NUL or a lone surrogate is refused for its field", () => {
  for (const text of ["a\0", "\ud800", "\udc00a"]) {
    assert.throws(
      () => assertText("email", text),
      (error) => error instanceof Refusal && error.code === "invalid" && error.fields?.["email"]?.length === 1,
    );
  }
  assertText("email", "tab\tline\n😀");
});

test("percent-decoding leaves what is no escape, and gives nothing for what is not UTF-8", () => {
  assert.equal(findPercentDecoded("%C3%a9+%zz%4"), "é+%zz%4");
  assert.equal(findPercentDecoded("%ff"), undefined);
  assert.equal(findPercentDecoded("%C3"), undefined);
  assert.equal(findPercentDecoded("\u0100"), undefined);
  assert.equal(findPercentDecoded("\u0100%41"), undefined);
});

test("in a form's encoding a plus is a blank, an encoded one is a plus", () => {
  assert.equal(findFormDecoded("a+b%2Bc%2b+%"), "a b+c+ %");
  assert.equal(findFormDecoded("a+%ff"), undefined);
});

test("for any text, what encodeURIComponent encoded is decoded", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      assert.equal(findPercentDecoded(encodeURIComponent(text)), text);
    }),
  );
});
