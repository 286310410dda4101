import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { Refusal } from "../../../refusal.ts";
import { parseJsonMembers } from "./json-members.ts";

function pairs(text: string): readonly (readonly [string, string])[] {
  return parseJsonMembers(Buffer.from(text), 1_000);
}

function refusesWith(text: string | Buffer, message: RegExp, field?: string): void {
  assert.throws(
    () => parseJsonMembers(Buffer.from(text), 1_000),
    (error) => {
      assert(error instanceof Refusal, String(error));
      assert.equal(error.code, "invalid");
      assert.match(error.message, message);
      assert.deepEqual(Object.keys(error.fields ?? {}), field === undefined ? [] : [field]);
      return true;
    },
  );
}

test("members act as parameters, each kind of value in its way", () => {
  assert.deepEqual(
    pairs(
      '{"s": "a\\n", "t": true, "f": false, "n": null, "i": -5, "d": 1.50, "a": ["x", 1, null, [2]], "o": {"k": [1]}}',
    ),
    [
      ["s", "a\n"],
      ["t", "true"],
      ["f", "false"],
      ["i", "-5"],
      ["d", "1.5"],
      ["a", "x"],
      ["a", "1"],
      ["a", "[2]"],
      ["o", '{"k":[1]}'],
    ],
  );
  assert.deepEqual(pairs("{}"), []);
  assert.deepEqual(pairs('{"a": []}'), []);
});

test("what is no JSON object is refused, without quoting it", () => {
  for (const text of ["[]", "null", '"a"', "1"]) refusesWith(text, /JSON object/);
  for (const text of ["{", "{'a': 1}", "", '{"password": hunter2}']) refusesWith(text, /^Send valid JSON\.$/);
  refusesWith(Buffer.from([0x7b, 0xff, 0x7d]), /UTF-8/);
});

test("JSON is nested at most 32 levels deep, brackets in strings aside", () => {
  assert.equal(pairs(`{"a": ${"[".repeat(31)}${"]".repeat(31)}}`).length, 1);
  refusesWith(`{"a": ${"[".repeat(32)}${"]".repeat(32)}}`, /at most 32 levels/);
  refusesWith("[".repeat(1_000_000), /at most 32 levels/);
  const brackets = `\\"${"[".repeat(100)}`;
  assert.deepEqual(pairs(`{"a": "${brackets}"}`), [["a", `"${"[".repeat(100)}`]]);
});

test("text that is not well-formed or holds a NUL is refused for its member, however deep", () => {
  for (const text of ['"\\ud800"', '"\\u0000"', '["\\ud800"]', '{"b": {"\\u0000": 1}}', '{"b": ["\\udc00"]}']) {
    refusesWith(`{"a": ${text}}`, /well-formed/, "a");
  }
});

test("numbers that would lose digits are refused for their member", () => {
  assert.deepEqual(pairs('{"a": 9007199254740991}'), [["a", "9007199254740991"]]);
  for (const number of ["9007199254740993", "-1e400", "[12345678901234567890]"]) {
    refusesWith(`{"a": ${number}}`, /as text/, "a");
  }
});

test("more pairs than asked for are refused, elements counted", () => {
  const array = `[${"1,".repeat(998)}1]`;
  assert.equal(pairs(`{"a": ${array}, "b": 1}`).length, 1_000);
  refusesWith(`{"a": ${array}, "b": [1, 2]}`, /at most 1000 parameters/);
});

test("for any object of strings, its members come back in order", () => {
  const name = fc.string({ unit: "grapheme" }).filter((name) => !/^\d+$/.test(name) && !name.includes("\0"));
  const value = fc.string({ unit: "grapheme" }).filter((value) => !value.includes("\0"));
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(name, value), { selector: ([name]) => name }), (members) => {
      assert.deepEqual(pairs(JSON.stringify(Object.fromEntries(members))), members);
    }),
  );
});
