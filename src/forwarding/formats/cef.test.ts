import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { hostileFields } from "../../../test/support/formats/hostile-text.ts";
import { parseCef } from "../../../test/support/formats/parse-cef.ts";
import { everySample, rawEvent, sampleEvent, sampleFacts } from "../../../test/support/formats/sample-events.ts";
import { cefLine } from "./cef.ts";

const facts = sampleFacts;
const hashOf = (row: { readonly leaf_hash: Uint8Array }) => Buffer.from(row.leaf_hash).toString("base64");

test("a failed login as CEF has it", () => {
  const row = sampleEvent({
    action: "auth.login.failure",
    outcome: "failure",
    username: "ad=min",
    description: "Login failed for 'ad=min'.",
    details: '{"reason":"bad | password"}',
  });
  const line = cefLine(row, facts);
  assert.ok(
    line.startsWith("CEF:0|Ironlog|Ironlog|1.0.0|auth.login.failure|Auth login failure|5|rt=1517524098000 "),
    line,
  );
  assert.ok(line.includes(String.raw` suser=ad\=min `), line);
  // A bar has no escape in the extension.
  assert.ok(line.includes(" reason=bad | password "), line);
  const { extension } = parseCef(line);
  assert.partialDeepStrictEqual(Object.fromEntries(extension), {
    rt: "1517524098000",
    outcome: "failure",
    externalId: "2570",
    IronlogAuditLeafHash: hashOf(row),
    IronlogAuditLogOrigin: "ironlog.example/audit",
    act: "auth.login.failure",
    suser: "ad=min",
    suid: "7",
    src: "192.0.2.7",
    requestClientApplication: "curl/8.5",
    reason: "bad | password",
    dvchost: "audit.example",
    cn1: "2569",
    cn1Label: "treeIndex",
    cs4: '{"reason":"bad | password"}',
    cs4Label: "details",
    msg: "Login failed for 'ad=min'.",
  });
});

test("the parser of these tests is strict", () => {
  const known = String.raw`CEF:0|Ironlog|Ironlog|1.0|auth.login.failure|Login failed|5|rt=1517524098000 outcome=failure suser=ad\=min src=192.0.2.7 requestClientApplication=Mozilla/5.0 reason=bad password externalId=2571 cn1=2570 cn1Label=treeIndex msg=Login failed for ad\=min`;
  assert.deepEqual(parseCef(known).extension.get("msg"), "Login failed for ad=min");
  for (const [from, to] of [
    [String.raw`ad\=min src`, "ad=min src"],
    ["bad password", String.raw`bad \| password`],
    ["outcome", "rt"],
    ["Login failed|", "Login failed\n|"],
    ["|5|", "|11|"],
    ["CEF:0", "CEF:1"],
  ] as const) {
    assert.throws(() => parseCef(known.replace(from, to)), from);
  }
});

test("an address of IPv6 has the key that CEF gives it, and none of IPv4", () => {
  const { extension } = parseCef(cefLine(sampleEvent({ ip: "2001:db8::7" }), facts));
  assert.deepEqual(
    ["src", "c6a2", "c6a2Label"].map((key) => extension.get(key)),
    [undefined, "2001:db8::7", "Source IPv6 Address"],
  );
});

test("an event of each kind is a line that names it", () => {
  for (const row of everySample()) {
    const { header, extension } = parseCef(cefLine(row, facts));
    assert.equal(header[3], row.action);
    assert.deepEqual(
      ["externalId", "IronlogAuditLeafHash", "IronlogAuditLogOrigin"].map((key) => extension.get(key)),
      [String(row.id), hashOf(row), facts.origin],
    );
  }
});

test("for any text in its fields, a line is CEF, and the text stays where it belongs", () => {
  const property = fc.property(hostileFields, (fields) => {
    const row = rawEvent(fields);
    const { header, extension } = parseCef(cefLine(row, facts));
    assert.equal(header.length, 6);
    assert.deepEqual(
      ["externalId", "IronlogAuditLeafHash", "IronlogAuditLogOrigin", "outcome"].map((key) => extension.get(key)),
      ["2570", hashOf(row), facts.origin, row.outcome],
    );
    if (row.username !== null && /^[ -~]*$/.test(row.username) && row.username.length < 1000 && row.username !== "") {
      assert.equal(extension.get("suser"), row.username);
    }
    assert.ok(["192.0.2.7", undefined].includes(extension.get("src")) || extension.get("src") === row.ip);
  });
  fc.assert(property, { numRuns: 200 });
});

test("for any text and any limit, a line that is too long is cut, and names the event", () => {
  const property = fc.property(hostileFields, fc.integer({ min: 330, max: 9_000 }), (fields, limit) => {
    const row = rawEvent(fields);
    const whole = cefLine(row, facts);
    const line = cefLine(row, facts, limit);
    assert.ok(Buffer.byteLength(line) <= limit, `${Buffer.byteLength(line)} > ${limit}`);
    const { extension } = parseCef(line);
    assert.deepEqual([extension.get("externalId"), extension.get("IronlogAuditLeafHash")], ["2570", hashOf(row)]);
    if (line !== whole) assert.match(extension.get("msg") ?? "", /cut: event 2570|^cut$/);
    assert.equal(line === whole, Buffer.byteLength(whole) <= limit);
  });
  fc.assert(property, { numRuns: 200 });
});
