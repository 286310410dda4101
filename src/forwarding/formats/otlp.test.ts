import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { hostileFields } from "../../../test/support/formats/hostile-text.ts";
import { decodeOtlp } from "../../../test/support/formats/otlp-messages.ts";
import { everySample, rawEvent, sampleEvent, sampleFacts } from "../../../test/support/formats/sample-events.ts";
import { otlpJson, otlpProtobuf } from "./otlp.ts";

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
