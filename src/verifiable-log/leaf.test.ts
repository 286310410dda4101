import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { canonicalJson, type CanonicalValue } from "./canonical-json.ts";
import { commitmentOf, groupJson, isEmptyGroup, leafBytes, leafHash, membersOf } from "./leaf.ts";
import { type EventGroup, eventGroups, type GroupContents, type LeafContents } from "./event-fields.ts";
import { rfc3339Micros } from "../time.ts";

// Whatever is expected here is made of literal text and node:crypto: nothing of what is tested.

const salt = Buffer.from("000102030405060708090a0b0c0d0e0f", "hex");

function commitment<Of extends EventGroup>(group: Of, key: Buffer, event: GroupContents<Of>): Buffer {
  return commitmentOf(group, key, membersOf(group, event));
}

test("a commitment is the SHA-256 of the salt and the group's canonical JSON", () => {
  const expected = sha256(salt, '{"user_id":7,"username":"johnnybegood"}');
  assert.deepEqual(commitment("actor", salt, { username: "johnnybegood", user_id: 7 }), expected);
  assert.equal(expected.toString("hex"), "73b0b9d5ed919c50b344784cb57f66363b0bbfe29bf2787c51b38ddf312b0988");
});

test("nulls beside a value are committed to; a group of nulls alone is empty", () => {
  assert.deepEqual(
    commitment("node", salt, { node: "4y3h7n", hostname: null }),
    sha256(salt, '{"hostname":null,"node":"4y3h7n"}'),
  );
  assert.equal(isEmptyGroup("node", membersOf("node", { node: "4y3h7n", hostname: null })), false);
  assert.equal(isEmptyGroup("node", membersOf("node", { node: null, hostname: null })), true);
  const nobody = '{"description":null,"details":null,"target_id":null,"target_kind":null,"target_name":null}';
  const subject = { target_kind: null, target_id: null, target_name: null, description: null, details: null };
  assert.deepEqual(commitment("subject", salt, subject), sha256(salt, nobody));
});

test("details are committed to as the text that they are", () => {
  const subject = {
    target_kind: "user",
    target_id: "7",
    target_name: "é",
    description: "Created user 'é'.",
    details: '{"email":"é@example.com"}',
  };
  const json = String.raw`{"description":"Created user 'é'.","details":"{\"email\":\"é@example.com\"}","target_id":"7","target_kind":"user","target_name":"é"}`;
  assert.deepEqual(commitment("subject", salt, subject), sha256(salt, json));
});

test("for any values, groups and leaves are printed as canonical JSON is", () => {
  const text = fc.option(fc.string({ unit: "binary" }), { nil: null });
  const number = fc.option(fc.maxSafeInteger(), { nil: null });
  const origin = fc.record({
    ip: text,
    user_agent: text,
    endpoint: text,
    trace_id: text,
    forwarded: text,
    reporter_id: number,
    reporter: text,
    session: text,
    key: text,
  });
  fc.assert(fc.property(origin, (group) => assert.equal(groupJson("origin", group), canonicalJson(group))));
  const actor = fc.record({ user_id: number, username: text });
  fc.assert(fc.property(actor, (group) => assert.equal(groupJson("actor", group), canonicalJson(group))));
  const word = fc.string({ unit: "binary" });
  const leaf = fc.record({ type: word, action: word, outcome: word, source: word });
  fc.assert(
    fc.property(leaf, (words) => {
      const bytes = leafBytes({ ...contents, ...words }, stored);
      assert.equal(bytes.toString("utf8"), canonicalJson(JSON.parse(bytes.toString("utf8")) as CanonicalValue));
    }),
  );
});

const contents: LeafContents = {
  id: 41,
  created: 1_517_524_098_000_000,
  occurred: null,
  level: 0,
  type: "AUTHORISATION",
  action: "auth.login",
  outcome: "success",
  source: "ironlog",
};
/** 32 bytes each of 0x01, 0x02 and 0x03; the other groups are empty. */
const stored = Buffer.concat([1, 2, 0, 3, 0, 0].map((byte) => Buffer.alloc(32, byte)));
const commitments =
  '{"actor":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=","node":"AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=",' +
  '"origin":"AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="}';

test("a leaf is canonical JSON, and leaves out a time of occurrence that isn't there", () => {
  assert.equal(
    leafBytes(contents, stored).toString("utf8"),
    `{"action":"auth.login","commitments":${commitments},"created":"2018-02-01T22:28:18.000000Z","id":41,"level":0,` +
      '"outcome":"success","source":"ironlog","type":"AUTHORISATION","v":1}',
  );
});

test("a leaf tells when it happened, where that is not when it was recorded", () => {
  assert.equal(
    leafBytes({ ...contents, occurred: 1_517_524_097_999_999 }, stored).toString("utf8"),
    `{"action":"auth.login","commitments":${commitments},"created":"2018-02-01T22:28:18.000000Z","id":41,"level":0,` +
      '"occurred":"2018-02-01T22:28:17.999999Z","outcome":"success","source":"ironlog","type":"AUTHORISATION","v":1}',
  );
});

test("a leaf's hash has the prefix 0x00, so that no leaf can pass for a node of the tree", () => {
  // The hash of the empty leaf: RFC 6962's reference implementation, certificate-transparency merkle_tree_test.
  const ofEmptyLeaf = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
  assert.equal(leafHash(Buffer.alloc(0)).toString("hex"), ofEmptyLeaf);
  assert.deepEqual(leafHash(Buffer.from("leaf")), sha256(Buffer.of(0), "leaf"));
});

test("times are printed with six digits, in UTC", () => {
  assert.equal(rfc3339Micros(0), "1970-01-01T00:00:00.000000Z");
  assert.equal(rfc3339Micros(1), "1970-01-01T00:00:00.000001Z");
  assert.equal(rfc3339Micros(1_517_524_098_000_123), "2018-02-01T22:28:18.000123Z");
  assert.equal(rfc3339Micros(1_709_251_199_999_999), "2024-02-29T23:59:59.999999Z");
});

test("for any time, its print reads back as the same microsecond", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (micros) => {
      const [, whole = "", fraction] = /^(.*)\.(\d{6})Z$/.exec(rfc3339Micros(micros)) ?? [];
      assert.equal(Date.parse(`${whole}Z`) * 1000 + Number(fraction), micros);
    }),
  );
});

test("for any change to one bit of the commitments or any member of a leaf, the hash is another", () => {
  const hashOf = (leaf: LeafContents, bytes: Uint8Array) => leafHash(leafBytes(leaf, bytes)).toString("hex");
  const original = hashOf(contents, stored);
  fc.assert(
    fc.property(fc.nat({ max: stored.length * 8 - 1 }), (bit) => {
      const turned = Buffer.from(stored);
      turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.notEqual(hashOf(contents, turned), original);
    }),
  );
  for (const member of Object.keys(contents)) {
    const other = member === "occurred" ? 0 : typeof Reflect.get(contents, member) === "number" ? 7 : "other";
    assert.notEqual(hashOf({ ...contents, [member]: other }, stored), original, member);
  }
});

test("there are six groups, in the order in which commitments are stored", () => {
  assert.deepEqual(eventGroups, ["actor", "origin", "subject", "node", "provenance", "state"]);
});

function sha256(...parts: readonly (string | Uint8Array)[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}
