import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { findHeaderValue } from "./header-value.ts";

function parametersOf(text: string): Record<string, string> | undefined {
  const found = findHeaderValue(text);
  return found && Object.fromEntries(found.parameters);
}

test("the value and the parameters' names are in lower case, the parameters' values as they are", () => {
  const found = findHeaderValue(' Multipart/Form-Data ; Boundary="=A=" ; charset=UTF-8 ;');
  assert.equal(found?.value, "multipart/form-data");
  assert.deepEqual(
    [...(found?.parameters ?? [])],
    [
      ["boundary", "=A="],
      ["charset", "UTF-8"],
    ],
  );
});

test("a token may hold equals signs, a quoted string semicolons, quotes and backslashes", () => {
  assert.deepEqual(parametersOf("x; boundary====1=="), { boundary: "===1==" });
  assert.deepEqual(parametersOf(String.raw`x; name="a;b\"c\\d\e=é"`), { name: String.raw`a;b"c\d\e=é` });
  assert.deepEqual(parametersOf('x; name=""; filename'), { name: "", filename: "" });
});

test("what Python encodes as RFC 2231 is decoded and wins over the plain form", () => {
  assert.deepEqual(parametersOf("x; name=n; name*=utf-8''n%C3%A9%20%22q%22"), { name: 'né "q"' });
  assert.deepEqual(parametersOf("x; name*=UTF-8'en'a"), { name: "a" });
});

test("what is malformed is not guessed at", () => {
  for (const text of ['x; name="a', 'x; name="a"b', "x; =a", "x; a=1; A=2", "x; name*=a", "x; name*=latin-1''a"]) {
    assert.equal(findHeaderValue(text), undefined, text);
  }
  assert.equal(findHeaderValue("x; name*=utf-8''%ff"), undefined);
  assert.equal(findHeaderValue(`x; name=${"a".repeat(8_192)}`), undefined);
});

test("for any values, quoted, they are read back", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string(), (one, other) => {
      assert.deepEqual(parametersOf(`x; a=${quoted(one)};b=${quoted(other)}`), { a: one, b: other });
    }),
  );
});

test("for any text, a value is found or not, and nothing else", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(";", "=", '"', "\\", " ", "a", "*", "'", "%") }), (text) => {
      findHeaderValue(text);
    }),
  );
});

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
