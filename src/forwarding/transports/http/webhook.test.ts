import assert from "node:assert/strict";
import { createHmac, generateKeyPairSync, verify } from "node:crypto";
import { test } from "node:test";
import type { PlainEvent } from "../../../database/event-columns.ts";
import { startHttpReceiver } from "../../../../test/support/receivers/http-receiver.ts";
import { sampleEvents } from "../../../../test/support/receivers/sample-events.ts";
import { BatchRefused, ReceiverGone, RetryLater } from "../receiver.ts";
import { webhookReceiver, type WebhookOptions } from "./webhook.ts";
import { webhookHeaders, webhookKey } from "./webhook-signature.ts";

const never = new AbortController().signal;
const ids = (events: readonly PlainEvent[]) => ({
  contentType: "application/json",
  bytes: Buffer.from(JSON.stringify(events.map(({ id }) => id))),
});
const hmac = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

function forwarding(url: string, options: Partial<WebhookOptions> = {}, body: typeof ids = ids) {
  return webhookReceiver({ url, own: [], environment: {}, origin: "log.example", keys: [], ...options }, body);
}

test("the signature is that of the reference libraries' example", () => {
  const body = Buffer.from('{"test": 2432232314}');
  assert.deepEqual(webhookHeaders([webhookKey(hmac)], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body), {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  });
});

test("each key signs: HMAC and Ed25519, with or without its public half", () => {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const seed = privateKey.export({ format: "der", type: "pkcs8" }).subarray(-32);
  const whole = Buffer.concat([seed, publicKey.export({ format: "der", type: "spki" }).subarray(-32)]);
  const keys = [hmac, `whsk_${seed.toString("base64")}`, `whsk_${whole.toString("base64")}`].map(webhookKey);
  const { "webhook-signature": signatures = "" } = webhookHeaders(keys, "msg_1", 7, Buffer.from("body"));
  const [first = "", second = "", third = "", ...more] = signatures.split(" ");
  assert.deepEqual(more, []);
  const secret = Buffer.from(hmac.slice(6), "base64");
  assert.equal(first, `v1,${createHmac("sha256", secret).update("msg_1.7.body").digest("base64")}`);
  assert.equal(second, third);
  const [version, signature = ""] = second.split(",");
  assert.equal(version, "v1a");
  assert.ok(verify(null, Buffer.from("msg_1.7.body"), publicKey, Buffer.from(signature, "base64")));
});

test("what is no key is refused without being repeated", () => {
  for (const text of ["", "whsec_", "whsec_c2hvcnQ=", "whsk_c2hvcnQ=", `whpk_${hmac.slice(6)}`, hmac.slice(6)]) {
    assert.throws(
      () => webhookKey(text),
      (error) => {
        assert.match(String(error), /no signing key/);
        return !String(error).includes("c2hvcnQ");
      },
    );
  }
});

test("events arrive in order, a hundred a message, over one connection", async () => {
  await using receiver = await startHttpReceiver();
  await using webhook = forwarding(receiver.url, { keys: [hmac], now: () => 5_999 });
  const events = sampleEvents(250);
  let at = 0;
  while (at < events.length) at += (await webhook.deliver(events.slice(at), never)).taken;
  const bodies = receiver.requests.map(({ body }) => JSON.parse(body.toString()) as readonly number[]);
  assert.deepEqual(
    bodies.flat(),
    events.map(({ id }) => id),
  );
  assert.deepEqual(
    bodies.map((body) => body.length),
    [100, 100, 50],
  );
  assert.equal(receiver.connections, 1);
  for (const { method, url, headers, body } of receiver.requests) {
    assert.deepEqual([method, url, headers["content-type"]], ["POST", "/", "application/json"]);
    assert.equal(headers["webhook-timestamp"], "5");
    const signed = webhookHeaders([webhookKey(hmac)], String(headers["webhook-id"]), 5, body);
    assert.equal(headers["webhook-signature"], signed["webhook-signature"]);
  }
});

test("a message has at most 256 KiB, unless one event needs more", async () => {
  await using receiver = await startHttpReceiver();
  const body = (events: readonly PlainEvent[]) => ({
    contentType: "text/plain",
    bytes: Buffer.alloc(events.reduce((sum, { id }) => sum + (id === 7 ? 300 : 100) * 1024, 0)),
  });
  await using webhook = forwarding(receiver.url, {}, body);
  const taken: number[] = [];
  for (const events of [sampleEvents(6), sampleEvents(4, 3), sampleEvents(2, 5), sampleEvents(1, 7)]) {
    taken.push((await webhook.deliver(events, never)).taken);
  }
  assert.deepEqual(taken, [2, 2, 2, 1]);
  assert.deepEqual(
    receiver.requests.map((request) => request.body.length / 1024),
    [200, 200, 200, 300],
  );
});

test("a retry is the same message with a new timestamp, whatever was recorded since", async () => {
  await using receiver = await startHttpReceiver();
  let seconds = 10;
  await using webhook = forwarding(receiver.url, { keys: [hmac], now: () => seconds * 1_000 });
  for (const misbehaviour of ["breaks-off", "ends-half-way", "garbage"] as const) {
    receiver.reply = () => misbehaviour;
    await assert.rejects(webhook.deliver(sampleEvents(3, 7), never));
    seconds++;
  }
  receiver.reply = () => ({ status: 204 });
  assert.equal((await webhook.deliver(sampleEvents(90, 7), never)).taken, 3);
  const { requests } = receiver;
  assert.ok(requests.length >= 4);
  assert.equal(new Set(requests.map(({ headers }) => headers["webhook-id"])).size, 1);
  assert.equal(new Set(requests.map(({ body }) => body.toString())).size, 1);
  assert.ok(new Set(requests.map(({ headers }) => headers["webhook-timestamp"])).size >= 4);
  assert.equal((await webhook.deliver(sampleEvents(90, 10), never)).taken, 90);
  // Another log's events of the same ids are other messages, and a restart changes nothing.
  await using restarted = forwarding(receiver.url);
  await restarted.deliver(sampleEvents(3, 7), never);
  await using other = forwarding(receiver.url, { origin: "other.example" });
  await other.deliver(sampleEvents(3, 7), never);
  const [again, others] = requests.slice(-2).map(({ headers }) => headers["webhook-id"]);
  assert.equal(again, requests[0]?.headers["webhook-id"]);
  assert.notEqual(others, again);
});

test("what a receiver refuses for good, wants later, or never again, is told apart", async () => {
  await using receiver = await startHttpReceiver();
  await using webhook = forwarding(receiver.url, { now: () => Date.UTC(2026, 0, 1) });
  const failing = async (status: number, headers: Record<string, string> = {}): Promise<Error> => {
    receiver.reply = () => ({ status, headers });
    return webhook.deliver(sampleEvents(2), never).then(
      () => assert.fail(`${status} was taken`),
      (error: unknown) => error as Error,
    );
  };
  for (const status of [400, 413, 415, 422]) assert.ok((await failing(status)) instanceof BatchRefused, String(status));
  assert.ok((await failing(410)) instanceof ReceiverGone);
  for (const status of [429, 502, 503, 504]) {
    const seconds = await failing(status, { "retry-after": "120" });
    assert.ok(seconds instanceof RetryLater);
    assert.equal(seconds.afterMs, 120_000);
    const date = await failing(status, { "retry-after": "Thu, 01 Jan 2026 00:01:30 GMT" });
    assert.ok(date instanceof RetryLater);
    assert.equal(date.afterMs, 90_000);
    const past = await failing(status, { "retry-after": "Thu, 01 Jan 2025 00:00:00 GMT" });
    assert.equal((past as RetryLater).afterMs, 0);
    assert.equal(((await failing(status, { "retry-after": "soon" })) as RetryLater).afterMs, undefined);
    assert.equal(((await failing(status)) as RetryLater).afterMs, undefined);
  }
  for (const [status, mend] of [
    [301, /redirect, which isn't followed/],
    [401, /doesn't take the credentials/],
    [403, /credentials don't allow/],
    [404, /check the path/],
    [408, /it failed/],
    [500, /it failed/],
  ] as const) {
    const error = await failing(status, { location: `http://127.0.0.1:${receiver.port}/elsewhere` });
    assert.ok(!(error instanceof BatchRefused || error instanceof ReceiverGone || error instanceof RetryLater));
    assert.match(error.message, mend);
  }
  assert.ok(receiver.requests.every(({ url }) => url === "/"));
});
