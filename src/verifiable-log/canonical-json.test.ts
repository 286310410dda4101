import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { canonicalJson, type CanonicalValue } from "./canonical-json.ts";

test("members are sorted by UTF-16 code units: the example of RFC 8785 section 3.2.3", () => {
  const example = {
    "\u20ac": "Euro Sign",
    "\r": "Carriage Return",
    "\ufb33": "Hebrew Letter Dalet With Dagesh",
    "1": "One",
    "\ud83d\ude00": "Emoji: Grinning Face",
    "\u0080": "Control",
    "\u00f6": "Latin Small Letter O With Diaeresis",
  };
  const printed = canonicalJson(example);
  assert.deepEqual(printed.match(/(?<=:")[^"]+/g), [
    "Carriage Return",
    "One",
    "Control",
    "Latin Small Letter O With Diaeresis",
    "Euro Sign",
    "Emoji: Grinning Face",
    "Hebrew Letter Dalet With Dagesh",
  ]);
  // Its code point is above that of the Hebrew letter, its first code unit below: here the two orders differ.
  assert(printed.indexOf("\ud83d\ude00") < printed.indexOf("\ufb33"));
});

test("literals and text are printed as in RFC 8785 sections 3.2.2 and 3.2.4", () => {
  // The RFC's example without its `numbers`, most of which are fractions: we have none.
  const json = String.raw`{"string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}`;
  const bytes = `7b 22 6c 69 74 65 72 61 6c 73 22 3a 5b 6e 75 6c 6c 2c 74 72 75 65 2c 66 61 6c 73 65 5d 2c
    22 73 74 72 69 6e 67 22 3a 22 e2 82 ac 24 5c 75 30 30 30 66 5c 6e 41 27 42 5c 22 5c 5c 5c 5c 5c 22 2f 22 7d`;
  assert.equal(Buffer.from(canonicalJson(parse(json))).toString("hex"), bytes.replaceAll(/\s/g, ""));
});

for (const [value, printed] of [
  ["\b\t\n\f\r", String.raw`"\b\t\n\f\r"`],
  ["\u0000\u000b\u001f", String.raw`"\u0000\u000b\u001f"`],
  // Neither escaped nor normalised.
  ["\u007f\u2028\u2029/é\u0065\u0301", '"\u007f\u2028\u2029/é\u0065\u0301"'],
  [0, "0"],
  [-0, "0"],
  [Number.MAX_SAFE_INTEGER, "9007199254740991"],
  [Number.MIN_SAFE_INTEGER, "-9007199254740991"],
  [[], "[]"],
  [{}, "{}"],
  [{ b: undefined, a: null }, '{"a":null}'],
  [[{ b: [1, "2"], a: {} }], '[{"a":{},"b":[1,"2"]}]'],
] satisfies readonly (readonly [CanonicalValue, string])[]) {
  test(`the canonical form of a value is ${printed}`, () => {
    assert.equal(canonicalJson(value), printed);
  });
}

for (const value of [0.5, 1e21, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY]) {
  test(`a number that not every language prints alike is a bug: ${value}`, () => {
    assert.throws(() => canonicalJson({ value: [value] }), /whole numbers only/);
  });
}

test("text or a name that is not well-formed Unicode is a bug", () => {
  assert.throws(() => canonicalJson("\ud83d"), /well-formed/);
  assert.throws(() => canonicalJson({ "\ude00": 1 }), /well-formed/);
});

test("for any value, parsing what was printed and printing it again changes nothing", () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const printed = canonicalJson(value);
      assert.equal(canonicalJson(parse(printed)), printed);
    }),
  );
});

test("for any value, the members of every object are in the order of their UTF-16 code units", () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      // Objects keep the order of their text, but for names that look like an array's index.
      JSON.parse(canonicalJson(value), (_key, member: unknown) => {
        const names = isObject(member) ? Object.keys(member).filter((name) => !/^\d+$/.test(name)) : [];
        for (const [index, name] of names.entries()) assert(index === 0 || isBefore(names[index - 1] ?? "", name));
        return member;
      });
    }),
  );
});

test("for any order of its members, an object is printed alike", () => {
  const shuffled = fc
    .uniqueArray(fc.tuple(anyText(), fc.integer()), { selector: ([name]) => name })
    .chain((members) => fc.tuple(fc.constant(members), fc.shuffledSubarray(members, { minLength: members.length })));
  fc.assert(
    fc.property(shuffled, ([members, others]) => {
      assert.equal(canonicalJson(Object.fromEntries(members)), canonicalJson(Object.fromEntries(others)));
    }),
  );
});

/** Every code point, so that the two orders differ often; half surrogates are not text. */
function anyText() {
  return fc.string({ unit: "binary" });
}

const { anyValue } = fc.letrec<{ anyValue: CanonicalValue }>((tie) => ({
  anyValue: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(null, true, false),
    fc.maxSafeInteger(),
    anyText(),
    fc.array(tie("anyValue")),
    fc.dictionary(anyText(), tie("anyValue")),
  ),
}));

function isBefore(a: string, b: string): boolean {
  for (let unit = 0; unit < a.length && unit < b.length; unit += 1) {
    if (a.charCodeAt(unit) !== b.charCodeAt(unit)) return a.charCodeAt(unit) < b.charCodeAt(unit);
  }
  return a.length < b.length;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parse(json: string): CanonicalValue {
  // Whatever JSON.parse gives is a canonical value, as long as its numbers are whole.
  return JSON.parse(json) as CanonicalValue;
}
