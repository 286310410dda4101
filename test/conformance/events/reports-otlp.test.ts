import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { forEachKind } from "../../support/each-kind.ts";
import { allEvents, eventsSince, type NativeEvent, newestEventId } from "../../support/clients/native-client.ts";
import { type Answer, send } from "../../support/clients/http-client.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { decodeOtlp, encodeOtlp } from "../../support/formats/otlp-messages.ts";
import { freshName } from "../../support/worlds/world.ts";
import { type TestServer, sharedServers } from "../../support/server.ts";

// OTLP/HTTP logs at POST /v1/logs. What is sent in Protocol Buffers is made by another codec than ours.

const serverOf = sharedServers();

/** A request of OTLP/JSON of one resource and scope; in JSON the ids of traces are hexadecimal. */
function requestOf(logRecords: readonly object[]) {
  return {
    resourceLogs: [
      {
        resource: {
          attributes: [
            { key: "host.name", value: { stringValue: "rack-7" } },
            { key: "load", value: { doubleValue: 0.25 } },
          ],
        },
        scopeLogs: [{ scope: { name: "sshd", version: "9.2" }, logRecords }],
      },
    ],
  };
}

const nanos = (BigInt(Date.UTC(2026, 0, 2, 3, 4, 5)) * 1_000_000n + 678_901_234n).toString();

function logRecord(more: object = {}) {
  return { timeUnixNano: nanos, severityNumber: 13, body: { stringValue: freshName("line") }, ...more };
}

type Encoding = "json" | "protobuf";
const types = { json: "application/json", protobuf: "application/x-protobuf" } as const;

function deliver(
  server: TestServer,
  apiKey: string,
  encoding: Encoding,
  records: readonly object[],
  more: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const request = requestOf(records);
  const bytes = encoding === "json" ? Buffer.from(JSON.stringify(request)) : encodeOtlp("Request", request);
  return send(server.url, "/v1/logs", {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": types[encoding], ...more },
    body: more["content-encoding"] === "gzip" ? gzipSync(bytes) : bytes,
  });
}

async function eventSaying(events: Promise<readonly NativeEvent[]>, description: string): Promise<NativeEvent> {
  const found = (await events).find((event) => event.description === description);
  assert.ok(found, `an event says ${description}`);
  return found;
}

forEachKind((kind) => {
  for (const encoding of ["json", "protobuf"] as const) {
    test(`a log record in ${encoding} is recorded with all that it says (${kind})`, async () => {
      const server = await serverOf(kind);
      const { native, apiKey } = admin(server);
      const before = await newestEventId(native);
      const trace = randomBytes(16);
      const span = randomBytes(8);
      const body = freshName("said");
      const ids =
        encoding === "json"
          ? { traceId: trace.toString("hex"), spanId: span.toString("hex") }
          : { traceId: trace.toString("base64"), spanId: span.toString("base64") };
      const record = {
        ...logRecord({ body: { stringValue: body }, eventName: "ssh.login.Failed", severityText: "WARN" }),
        ...ids,
        flags: 1,
        attributes: [
          { key: "user.name", value: { stringValue: "mallory" } },
          { key: "event.outcome", value: { stringValue: "failure" } },
          { key: "tries", value: { intValue: "3" } },
          { key: "large", value: { intValue: "-9223372036854775808" } },
          { key: "share", value: { doubleValue: 1.5 } },
          { key: "isNew", value: { boolValue: true } },
          { key: "raw", value: { bytesValue: "/wA=" } },
          { key: "list", value: { arrayValue: { values: [{ stringValue: "a" }, { intValue: "1" }, {}] } } },
          { key: "map", value: { kvlistValue: { values: [{ key: "k", value: { stringValue: "v" } }] } } },
        ],
      };
      const answer = await deliver(server, apiKey, encoding, [record], { "content-encoding": "gzip" });
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.headers["content-type"], types[encoding]);
      assert.equal(answer.text, encoding === "json" ? "{}" : "");
      const event = await eventSaying(eventsSince(native, before), body);
      assert.deepEqual(
        [event.type, event.action, event.level, event.outcome, event.username, event.hostname, event.source],
        ["SSH_LOGIN_FAILED", "ssh.login.failed", "WARNING", "failure", "mallory", "rack-7", "external"],
      );
      assert.equal(event.occurred, "2026-01-02T03:04:05.678901Z");
      assert.deepEqual(event.details, {
        event_name: "ssh.login.Failed",
        severity: "WARN",
        attributes: {
          "user.name": "mallory",
          "event.outcome": "failure",
          tries: 3,
          large: "-9223372036854775808",
          share: "1.5",
          isNew: true,
          raw: "/wA=",
          list: ["a", 1, null],
          map: { k: "v" },
        },
        resource: { "host.name": "rack-7", load: "0.25" },
        scope: { name: "sshd", version: "9.2" },
        trace_id: trace.toString("hex"),
        span_id: span.toString("hex"),
        flags: 1,
        time_unix_nano: nanos,
      });
    });
  }

  test(`sent again, in either encoding, records aren't recorded again; equal ones of a request are all kept (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native, apiKey } = admin(server);
    const before = await newestEventId(native);
    const twice = logRecord();
    const records = [twice, logRecord(), twice];
    for (const encoding of ["json", "protobuf", "json"] as const) {
      assert.equal((await deliver(server, apiKey, encoding, records)).status, 200);
    }
    const said = (await eventsSince(native, before)).map(({ description }) => description);
    assert.deepEqual(
      said,
      records.map(({ body }) => body.stringValue),
    );
    const untimed = { body: { stringValue: freshName("line") } };
    for (let times = 0; times < 2; times += 1) await deliver(server, apiKey, "json", [untimed]);
    assert.equal((await eventsSince(native, before)).length, 5, "a record without a time can't be told from another");
  });

  test(`what can't be recorded is counted in a partial success, and the rest is recorded (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native, apiKey } = admin(server);
    for (const encoding of ["json", "protobuf"] as const) {
      const before = await newestEventId(native);
      const good = logRecord();
      const future = logRecord({ timeUnixNano: "4102444800000000000" });
      const large = logRecord({ attributes: [{ key: "x", value: { stringValue: "x".repeat(20_000) } }] });
      const answer = await deliver(server, apiKey, encoding, [future, good, large]);
      assert.equal(answer.status, 200, answer.text);
      const { partialSuccess } =
        encoding === "json" ? answer.json<Record<string, unknown>>() : decodeOtlp("Response", answer.body);
      const { rejectedLogRecords, errorMessage } = partialSuccess as Record<string, string>;
      assert.equal(rejectedLogRecords, "2");
      assert.match(errorMessage ?? "", /^Record 0: .*future/);
      assert.deepEqual(
        (await eventsSince(native, before)).map(({ description }) => description),
        [good.body.stringValue],
      );
    }
  });

  test(`2,500 records, as a collector batches them, are recorded in their order (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native, apiKey } = admin(server);
    const mark = freshName("many");
    const records = Array.from({ length: 2500 }, (_, index) =>
      logRecord({ body: { stringValue: `${mark} ${index}` } }),
    );
    assert.equal((await deliver(server, apiKey, "protobuf", records)).status, 200);
    const events = await allEvents(native, { type: "LOG_RECORD" });
    const said = events.map(({ description }) => description ?? "").filter((text) => text.startsWith(mark));
    assert.deepEqual(
      said.toReversed(),
      records.map(({ body }) => body.stringValue),
    );
  });

  test(`refusals are a Status in the request's encoding: no key, no right, no message of OTLP (${kind})`, async () => {
    const server = await serverOf(kind);
    const { apiKey } = admin(server);
    const person = await makePerson(server);
    const before = await newestEventId(admin(server).native);
    const told = async (status: number, code: number, ask: Parameters<typeof send>[2], says: RegExp): Promise<void> => {
      const answer = await send(server.url, "/v1/logs", { method: "POST", ...ask });
      assert.equal(answer.status, status, answer.text);
      const isJson = answer.headers["content-type"] === types.json;
      const told = isJson ? answer.json<Record<string, unknown>>() : decodeOtlp("Status", answer.body);
      assert.equal(told["code"], code);
      assert.match(String(told["message"]), says);
    };
    const own = { authorization: `Bearer ${apiKey}`, "content-type": types.protobuf };
    const body = encodeOtlp("Request", requestOf([logRecord()]));
    await told(401, 16, { headers: { "content-type": types.protobuf }, body }, /Bearer/);
    await told(403, 7, { headers: { ...own, authorization: `Bearer ${person.apiKey}` }, body }, /events:write/);
    for (const [bytes, says] of [
      [body.subarray(0, body.length - 3), /ends behind its message/],
      [Buffer.from([0x0b]), /wire type 3/],
      [Buffer.from([0x08, 0x01]), /number stands where/],
      [Buffer.from([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80]), /ten bytes/],
    ] as const) {
      await told(400, 3, { headers: own, body: bytes }, says);
    }
    const json = { ...own, "content-type": types.json };
    await told(400, 3, { headers: json, body: '{"resourceLogs":{}}' }, /resourceLogs|array/);
    await told(400, 3, { headers: json, body: "{" }, /valid JSON/);
    await told(400, 3, { headers: { ...own, "content-type": "text/plain" }, body }, /application\/x-protobuf/);
    await told(415, 3, { headers: { ...own, "content-encoding": "br" }, body }, /'br' isn't read here/);
    const bomb = gzipSync(Buffer.alloc(20_000_000));
    await told(413, 8, { headers: { ...own, "content-encoding": "gzip" }, body: bomb }, /larger than/);
    await told(405, 12, { method: "GET", headers: own }, /takes POST/);
    const since = await eventsSince(admin(server).native, before);
    assert.deepEqual(
      since.filter(({ source }) => source === "external"),
      [],
    );
  });
});
