import assert from "node:assert/strict";
import { test } from "node:test";
import { startHttpReceiver } from "../../../../test/support/receivers/http-receiver.ts";
import { sampleEvents } from "../../../../test/support/receivers/sample-events.ts";
import { BatchRefused, type RetryLater } from "../receiver.ts";
import { lokiReceiver } from "./loki.ts";

const never = new AbortController().signal;
const forwarding = (url: string) =>
  lokiReceiver({ url, own: [], environment: {}, labels: { job: "ironlog" }, tenant: "ops" }, ({ id }) => ({ id }));

test("events are one stream's entries, in order, with their time in nanoseconds", async () => {
  await using receiver = await startHttpReceiver();
  receiver.reply = () => ({ status: 204 });
  await using loki = forwarding(receiver.url);
  const events = sampleEvents(3);
  assert.deepEqual(await loki.deliver(events, never), { taken: 3, refused: [] });
  const [request] = receiver.requests;
  assert.equal(request?.url, "/loki/api/v1/push");
  assert.equal(request?.headers["x-scope-orgid"], "ops");
  assert.deepEqual(JSON.parse(request?.body.toString() ?? ""), {
    streams: [
      {
        stream: { job: "ironlog" },
        values: events.map(({ id, created }) => [`${created}000`, JSON.stringify({ id })]),
      },
    ],
  });
});

test("an entry that is too far behind is refused for good, with Loki's words; a limit only waits", async () => {
  await using receiver = await startHttpReceiver();
  await using loki = forwarding(receiver.url);
  const behind = "entry with timestamp 2018-02-01 ignored, reason: 'entry too far behind'\n, total ignored: 1 out of 2";
  receiver.reply = () => ({ status: 400, body: behind });
  await assert.rejects(loki.deliver(sampleEvents(2), never), (error) => {
    assert.ok(error instanceof BatchRefused);
    return /too far behind' , total ignored: 1 out of 2/.test(error.message);
  });
  receiver.reply = () => ({ status: 429, headers: { "retry-after": "3" }, body: "rate limit" });
  await assert.rejects(loki.deliver(sampleEvents(2), never), (error) => (error as RetryLater).afterMs === 3_000);
});
