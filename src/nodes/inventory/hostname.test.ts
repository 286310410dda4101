import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { drawHostnames, parseDomainName, parseHostname } from "./hostname.ts";
import { drawSystemIds } from "./node.ts";

test("a dotted name is a name and its domain", () => {
  assert.deepEqual(parseHostname("web"), { hostname: "web", domain: undefined });
  assert.deepEqual(parseHostname("Web-1.lab.example.com"), { hostname: "Web-1", domain: "lab.example.com" });
});

test("names that DNS does not take are refused under their field", () => {
  for (const text of ["", "-a", "a-", "a_b", "a b", ".maas", "é", "a".repeat(64), "a\n"]) {
    assert.throws(() => parseHostname(text), { code: "invalid" }, JSON.stringify(text));
  }
  for (const text of ["", "a..b", "a.", "-a.b"]) {
    assert.throws(() => parseDomainName(text), { code: "invalid" }, JSON.stringify(text));
  }
});

test("for any draw, names are hostnames and system ids have MAAS's form", () => {
  fc.assert(
    fc.property(fc.constant(undefined), () => {
      for (const name of drawHostnames()) {
        assert.match(name, /^[a-z]+-[a-z]+(-\d+)?$/);
        assert.equal(parseHostname(name).hostname, name);
      }
      for (const id of drawSystemIds()) {
        assert.match(id, /^[4678abcdefghkmnpqrstwxy][34678abcdefghkmnpqrstwxy]{5}$/);
      }
    }),
  );
});
