import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { hostileFields } from "../../../test/support/formats/hostile-text.ts";
import { decodeOtlp, encodeOtlp } from "../../../test/support/formats/otlp-messages.ts";
import { everySample, rawEvent, sampleEvent, sampleFacts } from "../../../test/support/formats/sample-events.ts";
import { otlpJson, otlpProtobuf } from "./otlp.ts";
import { readOtlpAnswer } from "./otlp-answer.ts";

const facts = sampleFacts;
const hashOf = (row: { readonly leaf_hash: Uint8Array }) => Buffer.from(row.leaf_hash).toString("base64");

interface KeyValue {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: string };
}

interface Request {
  readonly resourceLogs: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeLogs: readonly {
      readonly scope: object;
      readonly logRecords: readonly {
        readonly attributes: readonly KeyValue[];
        readonly body: { readonly stringValue: string };
        readonly eventName: string;
        readonly traceId?: string | Uint8Array;
      }[];
    }[];
  }[];
}

const fromJson = (text: string) => JSON.parse(text) as Request;
const fromProtobuf = (bytes: Buffer) => decodeOtlp("Request", bytes) as unknown as Request;

/** The records of a request, their attributes by name and their traces in hexadecimal, however it was sent. */
function recordsIn({ resourceLogs }: Request) {
  return resourceLogs[0]?.scopeLogs[0]?.logRecords.map(({ attributes, traceId, ...record }) => ({
    ...record,
    traceId: typeof traceId === "object" ? Buffer.from(traceId).toString("hex") : traceId,
    attributes: Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue])),
  }));
}

test("a login as OpenTelemetry has it", () => {
  const row = sampleEvent({ occurred: Date.UTC(2018, 1, 1, 22, 28, 17) * 1000 });
  const request = fromJson(otlpJson([row], facts));
  assert.deepEqual(request.resourceLogs[0]?.resource.attributes, [
    { key: "service.name", value: { stringValue: "ironlog" } },
    { key: "service.version", value: { stringValue: "1.0.0" } },
    { key: "host.name", value: { stringValue: "audit.example" } },
    { key: "ironlog.log.origin", value: { stringValue: "ironlog.example/audit" } },
  ]);
  assert.deepEqual(request.resourceLogs[0].scopeLogs[0]?.scope, { name: "ironlog", version: "1.0.0" });
  assert.deepEqual(recordsIn(request), [
    {
      timeUnixNano: "1517524097000000000",
      observedTimeUnixNano: "1517524098000123000",
      severityNumber: 9,
      severityText: "INFO",
      eventName: "auth.login",
      body: { stringValue: "User 'ada' logged in." },
      traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
      attributes: {
        "log.record.uid": "ironlog.example/audit/2570",
        "ironlog.event.id": "2570",
        "ironlog.leaf_hash": hashOf(row),
        "ironlog.log.origin": "ironlog.example/audit",
        "event.name": "auth.login",
        "event.outcome": "success",
        "user.name": "ada",
        "user.id": "7",
        "client.address": "192.0.2.7",
        "user_agent.original": "curl/8.5",
        "session.id": "0011223344556677",
        "ironlog.type": "AUTHORISATION",
        "ironlog.source": "ironlog",
        "ironlog.endpoint": "API",
        "ironlog.trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
      },
    },
  ]);
});

test("events of each kind say the same in Protocol Buffers and in JSON", () => {
  const rows = everySample();
  const json = fromJson(otlpJson(rows, facts));
  const protobuf = fromProtobuf(otlpProtobuf(rows, facts));
  assert.equal(recordsIn(json)?.length, rows.length);
  // What is absent is an empty text for one of them.
  const plain = (request: Request) =>
    recordsIn(request)?.map(({ traceId, ...record }) => ({ ...record, traceId: traceId ?? "" }));
  assert.deepEqual(plain(protobuf), plain(json));
  assert.deepEqual(protobuf.resourceLogs[0]?.resource, json.resourceLogs[0]?.resource);
  assert.deepEqual(protobuf.resourceLogs[0]?.scopeLogs[0]?.scope, json.resourceLogs[0]?.scopeLogs[0]?.scope);
});

test("what isn't a trace's id in OpenTelemetry isn't sent as one", () => {
  for (const trace of ["my-request", "0".repeat(32), "4BF92F3577B34DA6A3CE929D0E0E4736", null]) {
    const [record] = recordsIn(fromJson(otlpJson([sampleEvent({ trace_id: trace })], facts))) ?? [];
    assert.equal(record?.traceId, undefined);
    assert.equal(record?.attributes["ironlog.trace_id"], trace ?? undefined);
  }
});

test("a number that is 0 and a text that is empty are sent", () => {
  const rows = [sampleEvent({ generation: 0, username: "", description: "" })];
  for (const request of [fromJson(otlpJson(rows, facts)), fromProtobuf(otlpProtobuf(rows, facts))]) {
    const [record] = recordsIn(request) ?? [];
    assert.deepEqual([record?.attributes["ironlog.generation"], record?.attributes["user.name"]], ["0", ""]);
    assert.equal(record?.body.stringValue, "");
  }
});

test("for any text in its fields, a request in either encoding can be read, and names the event", () => {
  const property = fc.property(hostileFields, (fields) => {
    const row = rawEvent(fields);
    const json = Buffer.from(otlpJson([row], facts)).toString("utf8");
    for (const request of [fromJson(json), fromProtobuf(otlpProtobuf([row], facts))]) {
      const [record, ...more] = recordsIn(request) ?? [];
      assert.deepEqual(more, []);
      assert.partialDeepStrictEqual(record?.attributes, {
        "ironlog.event.id": "2570",
        "ironlog.leaf_hash": hashOf(row),
        "ironlog.log.origin": facts.origin,
      });
      assert.equal(record?.attributes["user.name"], row.username?.toWellFormed());
      assert.equal(record?.eventName ?? "", row.action.toWellFormed());
    }
  });
  fc.assert(property, { numRuns: 150 });
});

test("a receiver's answer says how many records it rejected, and why", () => {
  const partial = { rejectedLogRecords: "3", errorMessage: "too old: é" };
  const told = { rejected: 3, message: "too old: é" };
  assert.deepEqual(readOtlpAnswer(encodeOtlp("Response", { partialSuccess: partial }), "protobuf"), told);
  for (const answer of [
    { partialSuccess: partial },
    { partialSuccess: { ...partial, rejectedLogRecords: 3 } },
    { partial_success: { rejected_log_records: "3", error_message: "too old: é" } },
  ]) {
    assert.deepEqual(readOtlpAnswer(Buffer.from(JSON.stringify(answer)), "json"), told);
  }
});

test("an answer that says nothing means that all is well", () => {
  const well = { rejected: 0, message: "" };
  for (const text of ["", "{}", '{"partialSuccess":null}', '{"partialSuccess":{}}']) {
    assert.deepEqual(readOtlpAnswer(Buffer.from(text), "json"), well);
  }
  for (const bytes of [Buffer.alloc(0), encodeOtlp("Response", { partialSuccess: {} })]) {
    assert.deepEqual(readOtlpAnswer(bytes, "protobuf"), well);
  }
});

test("what is no answer of OTLP is told from one", () => {
  for (const text of ["<html>", "[]", "null", '{"partialSuccess":7}', '{"partialSuccess":{"rejectedLogRecords":-1}}']) {
    assert.equal(readOtlpAnswer(Buffer.from(text), "json"), undefined);
  }
  const negative = encodeOtlp("Response", { partialSuccess: { rejectedLogRecords: -1 } });
  for (const bytes of [Buffer.from("<html>"), Buffer.from([0x0a, 0x05]), negative]) {
    assert.equal(readOtlpAnswer(bytes, "protobuf"), undefined);
  }
});
