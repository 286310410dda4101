import assert from "node:assert/strict";
import { test } from "node:test";
import protobuf from "protobufjs";
import type { PlainEvent } from "../../../database/event-columns.ts";
import { type HttpReply, startHttpReceiver } from "../../../../test/support/receivers/http-receiver.ts";
import { sampleEvents } from "../../../../test/support/receivers/sample-events.ts";
import { BatchRefused, RetryLater } from "../receiver.ts";
import { type EncodedLogs, otlpReceiver } from "./otlp.ts";

const never = new AbortController().signal;
const json = (events: readonly PlainEvent[]): EncodedLogs => ({
  contentType: "application/json",
  bytes: Buffer.from(JSON.stringify(events.map(({ id }) => id))),
});
const binary = (events: readonly PlainEvent[]): EncodedLogs => ({
  contentType: "application/x-protobuf",
  bytes: Buffer.from(events.map(({ id }) => id)),
});

const { root } = protobuf.parse(`
  syntax = "proto3";
  message Response { Partial partial_success = 1; }
  message Partial { int64 rejected_log_records = 1; string error_message = 2; }
  message Status { int32 code = 1; string message = 2; }
`);

function protobufReply(status: number, type: string, message: object): HttpReply {
  const body = Buffer.from(root.lookupType(type).encode(message).finish());
  return { status, headers: { "content-type": "application/x-protobuf" }, body };
}

function jsonReply(status: number, message: object): HttpReply {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(message) };
}

const forwarding = (url: string, encode = json) => otlpReceiver({ url, own: [], environment: {} }, encode);

test("events go to v1/logs below the address, in JSON or Protocol Buffers", async () => {
  await using receiver = await startHttpReceiver();
  for (const [encode, reply] of [
    [json, jsonReply(200, {})],
    [json, jsonReply(200, { partialSuccess: {} })],
    [json, { status: 200 }],
    [binary, protobufReply(200, "Response", {})],
    [binary, protobufReply(200, "Response", { partialSuccess: { errorMessage: "only a warning" } })],
  ] as const) {
    receiver.reply = () => reply;
    await using otlp = forwarding(`${receiver.url}otel`, encode);
    assert.deepEqual(await otlp.deliver(sampleEvents(3), never), { taken: 3, refused: [] });
    const request = receiver.requests.at(-1);
    const { contentType, bytes } = encode(sampleEvents(3));
    assert.deepEqual([request?.url, request?.headers["content-type"]], ["/otel/v1/logs", contentType]);
    assert.deepEqual(request?.body, bytes);
  }
});

test("a partial success is counted and not sent again; where all were rejected, each is", async () => {
  await using receiver = await startHttpReceiver();
  for (const [encode, reply] of [
    [json, (n: number) => jsonReply(200, { partialSuccess: { rejectedLogRecords: String(n), errorMessage: "odd" } })],
    [
      binary,
      (n: number) => protobufReply(200, "Response", { partialSuccess: { rejectedLogRecords: n, errorMessage: "odd" } }),
    ],
  ] as const) {
    await using otlp = forwarding(receiver.url, encode);
    receiver.reply = () => reply(2);
    const some = await otlp.deliver(sampleEvents(3, 10), never);
    assert.deepEqual([some.taken, some.refused, some.unnamed?.count], [3, [], 2]);
    assert.match(some.unnamed?.why ?? "", /rejected 2 of events 10 to 12 \(odd\), and didn't say which/);
    receiver.reply = () => reply(3);
    const all = await otlp.deliver(sampleEvents(3, 10), never);
    assert.equal(all.unnamed, undefined);
    assert.deepEqual(
      all.refused.map(({ id }) => id),
      [10, 11, 12],
    );
    assert.match(all.refused[0]?.why ?? "", /rejected it \(odd\)/);
  }
});

test("a number of rejected records that can't be is told as all of them, and nothing is sent again", async () => {
  await using receiver = await startHttpReceiver();
  for (const number of [0.5, -1, 1e300, "0.5", "-1", "many", "", true, [2], {}]) {
    receiver.reply = () => jsonReply(200, { partialSuccess: { rejectedLogRecords: number, errorMessage: "odd" } });
    await using otlp = forwarding(receiver.url);
    const { taken, refused, unnamed } = await otlp.deliver(sampleEvents(3, 10), never);
    assert.deepEqual([taken, refused, unnamed?.count], [3, [], 3], JSON.stringify(number));
    assert.match(unnamed?.why ?? "", /gave no whole number for how many of events 10 to 12 it rejected \(odd\)/);
  }
  receiver.reply = () => protobufReply(200, "Response", { partialSuccess: { rejectedLogRecords: -1 } });
  await using otlp = forwarding(receiver.url, binary);
  assert.equal((await otlp.deliver(sampleEvents(3), never)).unnamed?.count, 3);
});

test("only 429, 502, 503 and 504 are tried again, and what an administrator mends", async () => {
  await using receiver = await startHttpReceiver();
  await using otlp = forwarding(receiver.url);
  for (const [status, expected] of [
    [429, RetryLater],
    [502, RetryLater],
    [503, RetryLater],
    [504, RetryLater],
    [400, BatchRefused],
    [500, BatchRefused],
    [501, BatchRefused],
  ] as const) {
    for (const reply of [
      protobufReply(status, "Status", { code: 3, message: "said so" }),
      jsonReply(status, { code: 3, message: "said so" }),
    ]) {
      receiver.reply = () => reply;
      await assert.rejects(otlp.deliver(sampleEvents(2), never), (error) => {
        assert.ok(error instanceof expected, String(status));
        return /said so/.test(error.message);
      });
    }
  }
  receiver.reply = () => ({ status: 401 });
  await assert.rejects(otlp.deliver(sampleEvents(2), never), (error) => !(error instanceof BatchRefused));
});

test("a success that isn't OTLP's acknowledges nothing", async () => {
  await using receiver = await startHttpReceiver();
  await using otlp = forwarding(receiver.url);
  for (const reply of [
    { status: 200, body: "<html>" },
    { status: 200, body: "7" },
    { status: 200, headers: { "content-type": "application/x-protobuf" }, body: Buffer.from("hello") },
    { status: 200, headers: { "content-type": "application/x-protobuf" }, body: Buffer.from([0x0a, 0x7f, 1]) },
  ]) {
    receiver.reply = () => reply;
    await assert.rejects(otlp.deliver(sampleEvents(1), never), /didn't answer as OTLP does/);
  }
});
