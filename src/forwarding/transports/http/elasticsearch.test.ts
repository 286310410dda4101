import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeIndex } from "../../../../test/support/receivers/elasticsearch.ts";
import { startHttpReceiver } from "../../../../test/support/receivers/http-receiver.ts";
import { sampleEvents } from "../../../../test/support/receivers/sample-events.ts";
import { BatchRefused, RetryLater } from "../receiver.ts";
import { elasticsearchReceiver } from "./elasticsearch.ts";

const never = new AbortController().signal;
const forwarding = (url: string, document = ({ id }: { readonly id: number }): object => ({ event: { id } })) =>
  elasticsearchReceiver({ url, own: [], environment: {}, index: "audit", origin: "log.example" }, document);

test("each event is created once, in order, whatever is repeated", async () => {
  const index = fakeIndex();
  await using receiver = await startHttpReceiver();
  receiver.reply = index.reply;
  await using elastic = forwarding(receiver.url);
  assert.equal(elastic.batchMax, 1_000);
  assert.deepEqual(await elastic.deliver(sampleEvents(5), never), { taken: 5, refused: [] });
  assert.deepEqual(await elastic.deliver(sampleEvents(5, 4), never), { taken: 5, refused: [] });
  assert.deepEqual(
    [...index.documents],
    sampleEvents(8).map(({ id }) => [`log.example#${id}`, { event: { id } }]),
  );
  assert.match(receiver.requests[0]?.url ?? "", /^\/audit\/_bulk\?/);
});

test("a document that is refused for good is named; what is behind one that must wait comes again", async () => {
  const index = fakeIndex();
  await using receiver = await startHttpReceiver();
  receiver.reply = index.reply;
  await using elastic = forwarding(receiver.url);
  const bad = { status: 400, type: "document_parsing_exception", reason: "no date" };
  const busy = { status: 429, type: "es_rejected_execution_exception", reason: "queue full" };
  index.fault = (id) => (id.endsWith("#2") ? bad : id.endsWith("#4") ? busy : undefined);
  const first = await elastic.deliver(sampleEvents(6), never);
  assert.equal(first.taken, 3);
  assert.deepEqual(
    first.refused.map(({ id }) => id),
    [2],
  );
  assert.match(first.refused[0]?.why ?? "", /400 for event 2 \(document_parsing_exception: no date\)/);
  await assert.rejects(elastic.deliver(sampleEvents(3, 4), never), RetryLater);
  index.fault = () => undefined;
  assert.deepEqual(await elastic.deliver(sampleEvents(3, 4), never), { taken: 3, refused: [] });
  assert.deepEqual(
    [...index.documents.keys()].map((id) => Number(id.split("#")[1])).toSorted((a, b) => a - b),
    [1, 3, 4, 5, 6],
  );
});

test("what is wrong with the index or the credentials refuses no event", async () => {
  const index = fakeIndex();
  await using receiver = await startHttpReceiver();
  receiver.reply = index.reply;
  await using elastic = forwarding(receiver.url);
  for (const [status, type] of [
    [403, "cluster_block_exception"],
    [404, "index_not_found_exception"],
    [400, "index_closed_exception"],
    [503, "unavailable_shards_exception"],
  ] as const) {
    index.fault = () => ({ status, type, reason: "why" });
    await assert.rejects(elastic.deliver(sampleEvents(2), never), (error) => {
      assert.ok(!(error instanceof BatchRefused));
      assert.match(String(error), new RegExp(`${type}.*Look at the index`));
      return true;
    });
  }
});

test("an answer with other results than documents, or none, acknowledges nothing", async () => {
  await using receiver = await startHttpReceiver();
  await using elastic = forwarding(receiver.url);
  const three = sampleEvents(3);
  for (const body of [
    "",
    "{}",
    "hello",
    '{"items":[]}',
    '{"items":[{"create":{"status":201}}]}',
    '{"items":[1,2,3]}',
  ]) {
    receiver.reply = () => ({ status: 200, body });
    await assert.rejects(elastic.deliver(three, never), /didn't answer as the bulk API does/, body);
  }
  receiver.reply = () => ({ status: 413, body: '{"error":{"type":"too_large","reason":"send less"}}' });
  await assert.rejects(elastic.deliver(three, never), (error) => {
    assert.ok(error instanceof BatchRefused);
    return /too_large: send less/.test(error.message);
  });
});

test("a request has a few megabytes, however long the documents are", async () => {
  const index = fakeIndex();
  await using receiver = await startHttpReceiver();
  receiver.reply = index.reply;
  await using elastic = forwarding(receiver.url, ({ id }) => ({ id, text: "x".repeat(100_000) }));
  const events = sampleEvents(100);
  let at = 0;
  while (at < events.length) at += (await elastic.deliver(events.slice(at), never)).taken;
  assert.equal(index.documents.size, 100);
  assert.ok(receiver.requests.length > 1);
  for (const { body } of receiver.requests) assert.ok(body.length <= 5 * 1024 * 1024);
});
