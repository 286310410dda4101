import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { findMac, parseMacs } from "./mac-address.ts";

const bytes = fc.uint8Array({ minLength: 6, maxLength: 6 });
const hex = (byte: number): string => byte.toString(16).padStart(2, "0");

test("for any address, each way to write it is read as the same", () => {
  fc.assert(
    fc.property(bytes, fc.boolean(), (address, isUpper) => {
      const pairs = [...address].map(hex);
      const expected = pairs.join(":");
      const fours = [0, 2, 4].map((at) => `${pairs[at]}${pairs[at + 1]}`);
      const short = [...address].map((byte) => byte.toString(16));
      for (const text of [expected, pairs.join("-"), fours.join("."), ` ${short.join(":")} `, short.join("-")]) {
        assert.equal(findMac(isUpper ? text.toUpperCase() : text), expected, text);
      }
    }),
  );
});

test("what is no address is none", () => {
  for (const text of [
    "",
    "zz",
    "aa:bb:cc:dd:ee",
    "aa:bb:cc:dd:ee:ff:00",
    "aa:bb:cc-dd:ee:ff",
    "aabbccddeeff",
    "a.b.c",
  ]) {
    assert.equal(findMac(text), undefined, text);
  }
});

test("several are read at once: each once, and the bad ones named in their order", () => {
  assert.deepEqual(parseMacs(["AA:BB:CC:DD:EE:FF", "aabb.ccdd.eeff"]), ["aa:bb:cc:dd:ee:ff"]);
  assert.throws(() => parseMacs(["zz", "aa:bb:cc:dd:ee:ff", "1"]), {
    code: "invalid",
    message: "Invalid MAC address(es): zz, 1",
    fields: undefined,
  });
});
