import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { pythonJson, pythonJsonOneLine } from "./python-json.ts";

const value = { a: [], b: {}, c: 'é😀/<\u007f\u2028\0\b\t\u001f"\\, \n', d: [1, { e: null }], f: true, g: 1.5 };

test("JSON is indented as by Python's json.dumps(value, indent=4, ensure_ascii=False)", () => {
  // Printed by Python 3.11.
  assert.equal(
    pythonJson(value),
    `{
    "a": [],
    "b": {},
    "c": "é😀/<\u007f\u2028\\u0000\\b\\t\\u001f\\"\\\\, \\n",
    "d": [
        1,
        {
            "e": null
        }
    ],
    "f": true,
    "g": 1.5
}`,
  );
  assert.equal(pythonJson([]), "[]");
});

test("JSON on one line is that of Python's json.dumps(value, ensure_ascii=False)", () => {
  // Printed by Python 3.11.
  assert.equal(
    pythonJsonOneLine(value),
    `{"a": [], "b": {}, "c": "é😀/<\u007f\u2028\\u0000\\b\\t\\u001f\\"\\\\, \\n", "d": [1, {"e": null}], "f": true, "g": 1.5}`,
  );
});

test("a lone surrogate is escaped, so that the answer can be encoded", () => {
  assert.equal(pythonJson("\ud800"), '"\\ud800"');
});

test("for any JSON, both forms read back the same, and one line is one line", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), (json) => {
      const plain = JSON.stringify(json);
      assert.equal(JSON.stringify(JSON.parse(pythonJson(json))), plain);
      assert.equal(JSON.stringify(JSON.parse(pythonJsonOneLine(json))), plain);
      assert(!pythonJsonOneLine(json).includes("\n"));
    }),
  );
});

test("what has no JSON is a bug", () => {
  assert.throws(() => pythonJson(undefined), { name: "AssertionError" });
});
