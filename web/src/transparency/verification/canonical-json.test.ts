import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { canonicalJson as asRecorded, type CanonicalValue } from "../../../../src/verifiable-log/canonical-json.ts";
import { canonicalJson, parseCanonical } from "./canonical-json.ts";

test("any value is printed as the server records it, and read back from that alone", () => {
  const whole = fc.maxSafeInteger().map((number) => (Object.is(number, -0) ? 0 : number));
  const { value } = fc.letrec<{ value: CanonicalValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constant(null),
      fc.boolean(),
      whole,
      fc.string({ unit: "binary" }),
      fc.array(tie("value")),
      fc.dictionary(fc.string({ unit: "binary" }), tie("value"), { noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(value, (given) => {
      const text = asRecorded(given);
      const parsed = parseCanonical(text);
      assert.equal(canonicalJson(parsed), text);
      assert.equal(parseCanonical(`${text} `), undefined);
    }),
  );
  for (const other of ['{"b":1,"a":2}', '{"a":1,"a":1}', "1.0", '"\\u0041"', "", "{"]) {
    assert.equal(parseCanonical(other), undefined, other);
  }
});
