import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { Refusal } from "../../refusal.ts";
import { parseJson } from "./json-text.ts";

const bounds = { valuesMax: 1_000 };

function refusal(text: string | Buffer, given: Parameters<typeof parseJson>[1] = bounds): Refusal {
  try {
    parseJson(Buffer.from(text), given);
  } catch (error) {
    assert(error instanceof Refusal, String(error));
    assert.equal(error.code, "invalid");
    return error;
  }
  return assert.fail(`taken: ${text.toString().slice(0, 100)}`);
}

test("a name that an object has twice is refused by its path, however deep and however it is written", () => {
  for (const [text, path] of [
    ['{"a":1,"a":1}', "a"],
    ['{"a":1,"b":{},"a":{}}', "a"],
    ['{"\\u0061":1,"a":2}', "a"],
    ['{"a\\"":1,"a\\u0022":2}', 'a"'],
    ['{"details":{"user":{"id":1,"id":2}}}', "details.user.id"],
    ['{"a":[0,{"b":1,"c":[{}],"b":2}]}', "a[1].b"],
    ['[{"a":1},{"a":1,"a":2}]', "[1].a"],
    ['{"":1,"":2}', ""],
    ['{"__proto__":1,"__proto__":2}', "__proto__"],
    ['{ "a" : "x,\\"b\\":{" , "a" : 1 }', "a"],
  ] as const) {
    const { fields, message } = refusal(text);
    assert.deepEqual(Object.entries(fields ?? {}), [[path, ["Give this name once."]]], text);
    assert.equal(message, `${path}: Give this name once.`);
  }
});

test("a list may hold more than one object may, but none of its objects", () => {
  const many = (count: number): string => `{${Array.from({ length: count }, (_, at) => `"m${at}":0`).join(",")}}`;
  const list = { valuesMax: 100, listValuesMax: 1_000 };
  assert.ok(parseJson(Buffer.from(`[${Array.from({ length: 9 }, () => many(98)).join(",")}]`), list));
  for (const [text, max] of [
    [many(200), 100],
    [`[${many(200)}]`, 100],
    [`[${many(50)},{"a":${many(200)}}]`, 100],
    [`[${Array.from({ length: 20 }, () => many(90)).join(",")}]`, 1_000],
    [`[${"0,".repeat(1_100)}0]`, 1_000],
  ] as const) {
    assert.equal(refusal(text, list).message, `Send at most ${max} values.`);
  }
});

test("a name may be in several objects, and a string may say anything", () => {
  for (const text of [
    '{"a":{"a":{"a":1}},"b":{"a":1}}',
    '[{"a":1},{"a":1}]',
    '{"a":["a","a",{"a":"a"},"a"],"b":"a","A":"a"}',
    '{"a":"{\\"b\\":1,\\"b\\":2}"}',
    '{"a":"\\\\","b":"\\\\\\""}',
    '{"__proto__":{"constructor":1},"constructor":2}',
    '"a"',
  ]) {
    assert.deepEqual(parseJson(Buffer.from(text), bounds), JSON.parse(text));
  }
});

test("at most fifty names are reported", () => {
  const members = Array.from({ length: 100 }, (_, number) => `"n${number}":1,"n${number}":2`);
  assert.equal(Object.keys(refusal(`{${members.join(",")}}`).fields ?? {}).length, 50);
});

test("what is too deep or too much is refused before anything is made of it", () => {
  assert.match(refusal("[".repeat(4_000_000)).message, /at most 32 levels/);
  assert.match(refusal('{"a":'.repeat(400_000)).message, /at most 32 levels/);
  assert.match(refusal(`[${"1,".repeat(1_000_000)}1]`).message, /at most 1000 values/);
  assert.match(refusal(`{${'"a":1,'.repeat(500_000)}"b":1}`).message, /at most 1000 values/);
  assert.equal((parseJson(Buffer.from(`[${"1,".repeat(999)}1]`), bounds) as readonly number[]).length, 1_000);
});

test("what is no JSON is refused without quoting it, and says which line it is of", () => {
  for (const text of ["{", "{'a': hunter2}", "", '{"a":1,}', '"hunter2', "\ufeff{}", "NaN", "]]", '{"a" "a"}']) {
    assert.equal(refusal(text).message, "Send valid JSON.", text);
  }
  assert.match(refusal(Buffer.from([0x22, 0xff, 0x22])).message, /UTF-8/);
  const line = { number: 7, field: "[3]" };
  assert.equal(refusal("{", { ...bounds, line }).message, "Line 7: Send valid JSON.");
  assert.deepEqual(refusal('{"a":1,"a":2}', { ...bounds, line }).fields, { "[3].a": ["Give this name once."] });
});

test("for any value, its JSON is read as the engine reads it", () => {
  const large = { valuesMax: 1_000_000 };
  fc.assert(
    fc.property(fc.json({ maxDepth: 8 }), (text) => {
      assert.deepEqual(parseJson(Buffer.from(text), large), JSON.parse(text));
    }),
  );
});

test("for any text, what is taken is what the engine takes", () => {
  const pieces = fc.constantFrom('"', "\\", "{", "}", "[", "]", ",", ":", "a", '"a"', '"b"', "1", " ", "\\u0061");
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 14 }), (all) => {
      const text = all.join("");
      try {
        assert.deepEqual(parseJson(Buffer.from(text), bounds), JSON.parse(text));
      } catch (error) {
        assert(error instanceof Refusal, text);
      }
    }),
  );
});
