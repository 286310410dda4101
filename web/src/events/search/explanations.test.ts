import assert from "node:assert/strict";
import { test } from "node:test";
import { parseFilter, printFilter } from "../filter/filter-language.ts";
import type { OtherName } from "../list/event-reader.ts";
import { explain, type KnownValues } from "./explanations.ts";

const known: KnownValues = new Map([
  ["user", ["ada", "bob", "svc-backup", "svc-power", "a*"]],
  ["action", ["auth.login", "user.create"]],
  ["target", ["user/ada"]],
  ["type", ["AUTHORISATION", "NODE_POWER"]],
]);

/** What is offered for a filter, and the filter that it leads to. */
function offered(text: string, others: readonly OtherName[] = []): readonly (readonly [string, string])[] {
  const parsed = parseFilter(text, { now: 0 });
  assert.ok(parsed.ok);
  return explain(parsed.terms, others, known).map(({ label, terms }) => [label, printFilter(terms)]);
}

test("what was misspelt, or written in other letters, is offered in its place", () => {
  assert.deepEqual(offered("user:bobb outcome:failure"), [["user:bob", "user:bob outcome:failure"]]);
  assert.deepEqual(offered("action:auth.logn"), [["action:auth.login", "action:auth.login"]]);
  assert.deepEqual(offered("user:Bob", [{ filter: "owner", value: "bob" }]), [["user:bob", "user:bob"]]);
  assert.deepEqual(offered("user:eve,Bob", [{ filter: "owner", value: "bob" }]), [["user:bob", "user:eve user:bob"]]);
});

test("a part of a name is offered with a star, one of an address as a network", () => {
  assert.deepEqual(offered("user:svc-"), [["user:svc-*", "user:svc-*"]]);
  assert.deepEqual(offered("target:user/ad"), [["target:user/ada", "target:user/ada"]]);
  assert.deepEqual(offered("ip:198.51.100"), [["ip:198.51.100.0/24", "ip:198.51.100.0/24"]]);
  assert.deepEqual(offered("ip:198.51.100.7"), []);
});

test("a word that is a value is offered as one, and a limited time without its limit", () => {
  assert.deepEqual(offered("failure backup"), [["outcome:failure", "outcome:failure backup"]]);
  assert.deepEqual(offered("user:bob since:24h"), [["At any time", "user:bob"]]);
});

test("what is known, left out or begins with something is taken as it is", () => {
  for (const text of [
    "user:bob",
    "-user:bobb",
    "user:zzz*",
    "type:node",
    "type:NODE_POWER",
    'user:""',
    String.raw`user:a\*`,
    "node:web-1",
  ]) {
    assert.deepEqual(offered(text), [], text);
  }
});
