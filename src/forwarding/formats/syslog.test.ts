import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { hostileFields, hostileText } from "../../../test/support/formats/hostile-text.ts";
import { parseCef } from "../../../test/support/formats/parse-cef.ts";
import { parseData, parseSyslog3164, parseSyslog5424 } from "../../../test/support/formats/parse-syslog.ts";
import { everySample, rawEvent, sampleEvent, sampleFacts } from "../../../test/support/formats/sample-events.ts";
import { nativeRecord } from "./native-json.ts";
import { type SyslogOptions, syslogRecord } from "./syslog.ts";

const facts = sampleFacts;
const options: SyslogOptions = {
  protocol: "rfc5424",
  body: "structured",
  facility: 13,
  limit: 8_000,
  enterpriseNumber: 32473,
};
const hashOf = (row: { readonly leaf_hash: Uint8Array }) => Buffer.from(row.leaf_hash).toString("base64");

test("a login as RFC 5424 has it, octet by octet", () => {
  const row = sampleEvent({ username: 'a"d]a\\', session: null, trace_id: null });
  const expected = String.raw`<110>1 2018-02-01T22:28:18.000123Z audit.example ironlog - auth.login [ironlog@32473 id="2570" leafHash="${hashOf(row)}" logOrigin="ironlog.example/audit" action="auth.login" type="AUTHORISATION" outcome="success" source="ironlog" user="a\"d\]a\\" userId="7" ip="192.0.2.7" userAgent="curl/8.5" endpoint="API"][origin software="ironlog" swVersion="1.0.0"] `;
  const text = "User 'ada' logged in.";
  assert.deepEqual(
    syslogRecord(row, facts, options),
    Buffer.concat([Buffer.from(expected), Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)]),
  );
});

test("the parser of these tests is strict", () => {
  const known = `<110>1 2018-02-01T22:28:18.000Z maas.example.com ironlog 812 auth.login [ironlog@32473 id="2570" user="admin" outcome="success"][origin ip="192.0.2.7" software="ironlog"] \ufeffLogged in admin.`;
  const octets = Buffer.from(known);
  assert.equal(octets.length, 190);
  const { facility, severity, data, message } = parseSyslog5424(octets);
  assert.deepEqual([facility, severity, message], [13, 6, "Logged in admin."]);
  assert.equal(data.get("origin")?.get("ip"), "192.0.2.7");
  for (const [from, to] of [
    ["<110>", "<192>"],
    ["18.000Z", "18.0000001Z"],
    ["maas.example", "maas example"],
    ['"admin"', '"ad]min"'],
    ['"admin"', '"ad"min"'],
    ["][", "] ["],
    ["Logged", "\n"],
  ] as const) {
    const changed = known.replace(from, to);
    const isRead = (): boolean => parseSyslog5424(Buffer.from(changed)).data.size === 2;
    assert.ok(!isSilent(isRead), changed);
  }
});

function isSilent(read: () => boolean): boolean {
  try {
    return read();
  } catch {
    return false;
  }
}

test("a login as RFC 3164 has it", () => {
  const record = syslogRecord(sampleEvent(), facts, { ...options, protocol: "rfc3164", facility: 4 });
  const { priority, timestamp, hostname, tag, message } = parseSyslog3164(record);
  assert.deepEqual([priority, timestamp, hostname, tag], [38, "Feb  1 22:28:18", "audit.example", "ironlog"]);
  const { data, end } = parseData(message, 0);
  assert.equal(data.get("ironlog@32473")?.get("id"), "2570");
  assert.equal(message.slice(end), " User 'ada' logged in.");
  const late = syslogRecord(sampleEvent({ occurred: Date.UTC(2026, 10, 30, 1, 2, 3) * 1000 }), facts, {
    ...options,
    protocol: "rfc3164",
  });
  assert.equal(parseSyslog3164(late).timestamp, "Nov 30 01:02:03");
});

test("an event of each kind is a record, with a severity that says how grave it is", () => {
  const severities = new Map<string, number>();
  for (const row of everySample()) {
    const record = parseSyslog5424(syslogRecord(row, facts, options));
    const data = record.data.get("ironlog@32473");
    assert.deepEqual(
      ["id", "leafHash", "logOrigin", "action"].map((name) => data?.get(name)),
      [String(row.id), hashOf(row), facts.origin, row.action],
    );
    assert.ok(record.hasByteOrderMark);
    severities.set(`${row.action} ${row.outcome} ${row.level}`, record.severity);
  }
  assert.deepEqual(
    [
      "auth.login success 0",
      "auth.login.failure failure 0",
      "log.verify success 0",
      "log.verify failure 0",
      "ssh.login.failed success 10",
      "ssh.login.failed success 30",
      "ssh.login.failed failure 40",
      "ssh.login.failed success 50",
    ].map((name) => severities.get(name)),
    [6, 5, 6, 2, 7, 4, 3, 2],
  );
});

test("a record of CEF or JSON has that as its message, without a byte order mark", () => {
  const row = sampleEvent();
  const cef = parseSyslog5424(syslogRecord(row, facts, { ...options, body: "cef" }));
  assert.equal(cef.hasByteOrderMark, false);
  assert.equal(parseCef(cef.message).extension.get("externalId"), "2570");
  const json = parseSyslog5424(syslogRecord(row, facts, { ...options, body: "json" }));
  assert.deepEqual(JSON.parse(json.message), nativeRecord(row, facts));
});

test("a record that is too long keeps its data, and its text ends with what finds the event", () => {
  const row = sampleEvent({ description: "é".repeat(4_096) });
  const octets = syslogRecord(row, facts, { ...options, limit: 2_048 });
  assert.ok(octets.length <= 2_048 && octets.length > 2_040, String(octets.length));
  const { data, message } = parseSyslog5424(octets);
  assert.equal(data.get("ironlog@32473")?.get("user"), "ada");
  assert.equal(message.replace(/^é+/, ""), `… [cut: event 2570, leaf ${hashOf(row)}]`);
});

test("for any text in its fields and any limit, a record is one, within the limit, and names the event", () => {
  const kinds = fc.record({
    protocol: fc.constantFrom("rfc5424", "rfc3164"),
    body: fc.constantFrom("structured", "cef", "json"),
    facility: fc.integer({ min: 0, max: 23 }),
    limit: fc.oneof(fc.integer({ min: 1, max: 9_000 }), fc.constant(480)),
    enterpriseNumber: fc.integer({ min: 1, max: 4_294_967_295 }),
  });
  const names = fc.record({ hostname: hostileText, origin: fc.constantFrom(facts.origin, "o=/|]".repeat(40)) });
  const property = fc.property(hostileFields, kinds, names, (fields, kind: SyslogOptions, name) => {
    const row = rawEvent(fields);
    const octets = syslogRecord(row, { ...facts, ...name }, kind);
    assert.ok(octets.length <= Math.max(kind.limit, 480), `${octets.length} > ${kind.limit}`);
    const { id, hash, origin } = namedIn(octets, kind);
    assert.deepEqual([id, hash], ["2570", hashOf(row)]);
    assert.ok(name.origin.startsWith(origin.replace(/…$/, "")) && origin.length > 10, origin);
  });
  fc.assert(property, { numRuns: 500 });
});

/** What a record says of its event, by a strict reading of it. */
function namedIn(octets: Buffer, { protocol, body, enterpriseNumber }: SyslogOptions) {
  const { data, message } = protocol === "rfc5424" ? parseSyslog5424(octets) : oldRecord(octets, body);
  if (body === "cef") {
    const { extension } = parseCef(message);
    const [id, hash, origin = ""] = ["externalId", "IronlogAuditLeafHash", "IronlogAuditLogOrigin"].map((key) =>
      extension.get(key),
    );
    return { id, hash, origin };
  }
  if (body === "json") {
    const record = JSON.parse(message) as Readonly<Record<string, unknown>>;
    return { id: String(record["id"]), hash: record["leaf_hash"], origin: String(record["log_origin"]) };
  }
  const own = data.get(`ironlog@${enterpriseNumber}`);
  assert.ok([...data.keys()].every((name) => name === `ironlog@${enterpriseNumber}` || name === "origin"));
  return { id: own?.get("id"), hash: own?.get("leafHash"), origin: own?.get("logOrigin") ?? "" };
}

function oldRecord(octets: Buffer, body: SyslogOptions["body"]) {
  const { message } = parseSyslog3164(octets);
  return { message, data: body === "structured" ? parseData(message, 0).data : new Map<string, never>() };
}
