import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type HttpReceiver,
  type HttpRequest,
  startHttpReceiver,
} from "../../../../test/support/receivers/http-receiver.ts";
import { sampleEvents } from "../../../../test/support/receivers/sample-events.ts";
import { until } from "../../../../test/support/until.ts";
import { BatchRefused, RetryLater } from "../receiver.ts";
import { splunkReceiver, type SplunkOptions } from "./splunk.ts";

const never = new AbortController().signal;

function forwarding({ url }: HttpReceiver, options: Partial<SplunkOptions> = {}) {
  const base = { url, own: [], environment: {}, token: "secret", waitsForIndexer: false, pollMs: 1 };
  return splunkReceiver({ ...base, ...options }, ({ id }) => ({ id }));
}

const linesOf = ({ body }: HttpRequest): readonly Readonly<Record<string, unknown>>[] =>
  body
    .toString()
    .split("\n")
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);

const taken = { status: 200, body: '{"text":"Success","code":0}' };

test("events go to the collector with their time, the token and what was chosen", async () => {
  await using receiver = await startHttpReceiver();
  receiver.reply = () => taken;
  await using splunk = forwarding(receiver, { index: "audit", sourcetype: "ironlog" });
  const events = sampleEvents(3);
  assert.deepEqual(await splunk.deliver(events, never), { taken: 3, refused: [] });
  const [request] = receiver.requests;
  assert.ok(request !== undefined);
  assert.equal(request.url, "/services/collector/event");
  assert.equal(request.headers.authorization, "Splunk secret");
  assert.deepEqual(
    linesOf(request),
    events.map(({ id, created }) => ({ time: created / 1e6, index: "audit", sourcetype: "ironlog", event: { id } })),
  );
  assert.ok(request.body.includes(`"time":${String(events[0]?.created).replace(/(\d{6})$/, ".$1")}`));
});

test("with indexer acknowledgement an event is delivered when it is indexed", async () => {
  await using receiver = await startHttpReceiver();
  let asked = 0;
  receiver.reply = ({ url }) => {
    if (url === "/services/collector/event") return { status: 200, body: '{"text":"Success","code":0,"ackId":7}' };
    asked++;
    return { status: 200, body: `{"acks":{"7":${asked === 3}}}` };
  };
  await using splunk = forwarding(receiver, { waitsForIndexer: true });
  assert.equal((await splunk.deliver(sampleEvents(2), never)).taken, 2);
  assert.equal(asked, 3);
  const [sent, ...questions] = receiver.requests;
  const channel = sent?.headers["x-splunk-request-channel"];
  assert.match(String(channel), /^[0-9a-f-]{36}$/);
  for (const { url, body, headers } of questions) {
    assert.equal(url, "/services/collector/ack");
    assert.equal(body.toString(), '{"acks":[7]}');
    assert.equal(headers["x-splunk-request-channel"], channel);
  }
});

test("an indexer that never says so acknowledges nothing, and a stop ends the wait", async () => {
  await using receiver = await startHttpReceiver();
  receiver.reply = ({ url }) => ({
    status: 200,
    body: url.endsWith("/ack") ? '{"acks":{"1":false}}' : '{"text":"Success","code":0,"ackId":1}',
  });
  await using splunk = forwarding(receiver, { waitsForIndexer: true, pollMs: 0 });
  await assert.rejects(splunk.deliver(sampleEvents(2), never), /didn't say that they were indexed/);
  const stop = new AbortController();
  await using patient = forwarding(receiver, { waitsForIndexer: true, pollMs: 1_000_000 });
  const asked = receiver.requests.length;
  const failed = assert.rejects(patient.deliver(sampleEvents(2), stop.signal), /the server stops/);
  await until(() => receiver.requests.length === asked + 2);
  stop.abort(new Error("the server stops"));
  await failed;
});

test("what is wrong with the token is said with its mend; what is wrong with an event refuses the batch", async () => {
  await using receiver = await startHttpReceiver();
  await using splunk = forwarding(receiver);
  const failing = async (status: number, code: number, text: string): Promise<Error> => {
    receiver.reply = () => ({ status, body: JSON.stringify({ text, code }) });
    return splunk.deliver(sampleEvents(2), never).then(
      () => assert.fail(`${code} was taken`),
      (error: unknown) => error as Error,
    );
  };
  for (const [status, code, mend] of [
    [403, 4, /credentials don't allow/],
    [401, 2, /doesn't take the credentials/],
    [400, 7, /doesn't allow this index/],
    [400, 10, /has indexer acknowledgement: switch it on/],
    [400, 14, /has no indexer acknowledgement: switch it off/],
    [500, 8, /it failed/],
  ] as const) {
    const error = await failing(status, code, "Said so");
    assert.match(error.message, mend);
    assert.match(error.message, /Said so/);
    assert.ok(!(error instanceof BatchRefused), String(code));
    assert.ok(!error.message.includes("secret"));
  }
  assert.ok((await failing(400, 6, "Invalid data format")) instanceof BatchRefused);
  assert.ok((await failing(503, 9, "Server is busy")) instanceof RetryLater);
});

test("a success that isn't Splunk's acknowledges nothing", async () => {
  await using receiver = await startHttpReceiver();
  await using splunk = forwarding(receiver);
  for (const body of ["", "OK", "{}", '{"code":1}']) {
    receiver.reply = () => ({ status: 200, body });
    await assert.rejects(splunk.deliver(sampleEvents(1), never), /isn't Splunk's/);
  }
  receiver.reply = () => taken;
  await using acknowledged = forwarding(receiver, { waitsForIndexer: true });
  await assert.rejects(acknowledged.deliver(sampleEvents(1), never), /gave no ackId/);
});
