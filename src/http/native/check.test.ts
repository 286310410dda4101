import assert from "node:assert/strict";
import { test } from "node:test";
import { Type } from "typebox";
import { parseQuery } from "../maas/parameters/parameters.ts";
import { checkAgainst, checkQuery } from "./check.ts";

const person = Type.Object(
  {
    name: Type.String({ minLength: 2 }),
    age: Type.Optional(Type.Integer({ minimum: 0 })),
    admin: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

test("every field that is wrong is named, with the mend", () => {
  assert.throws(() => checkAgainst(person, { age: "x", colour: "red" }), {
    code: "invalid",
    fields: {
      name: ["This field is required."],
      age: ["Must be integer."],
      colour: ["There is no such field. The fields here are name, age, admin."],
    },
  });
  assert.throws(() => checkAgainst(person, { name: "a", age: -1 }), {
    fields: { name: ["Must not have fewer than 2 characters."], age: ["Must be >= 0."] },
  });
});

test("of a field that may be null it is said what else it may be", () => {
  const choice = Type.Object({
    id: Type.Union([Type.Integer(), Type.Null()]),
    sides: Type.Union([Type.Array(Type.Enum(["left", "right"])), Type.Null()]),
  });
  assert.throws(() => checkAgainst(choice, { id: "x", sides: "left" }), {
    fields: { id: ["Must be integer, or null."], sides: ["Must be array, or null."] },
  });
  assert.throws(() => checkAgainst(choice, { id: null, sides: ["up"] }), {
    fields: { sides: ["Use one of left, right, or null."] },
  });
});

test("what is no object is refused as such", () => {
  for (const value of [[], "text", null, 1]) {
    assert.throws(() => checkAgainst(person, value), { code: "invalid", message: "Send a JSON object." });
  }
});

test("names that every object has are no fields", () => {
  assert.throws(() => checkAgainst(person, JSON.parse('{"name":"ada","__proto__":1}')), { code: "invalid" });
  assert.throws(() => checkQuery(person, parseQuery("name=ada&constructor=1")), { code: "invalid" });
});

test("a query's texts become the schema's types", () => {
  assert.deepEqual(checkQuery(person, parseQuery("name=42&age=42&admin=true")), { name: "42", age: 42, admin: true });
  assert.throws(() => checkQuery(person, parseQuery("name=ada&age=4.5")), { fields: { age: ["Must be integer."] } });
  assert.throws(() => checkQuery(person, parseQuery("name=ada&name=bob")), { fields: { name: ["Give this once."] } });
});

test("a signature in the query is no field", () => {
  assert.deepEqual(checkQuery(person, parseQuery("name=ada&oauth_nonce=1")), { name: "ada" });
});
