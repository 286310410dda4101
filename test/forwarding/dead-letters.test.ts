import assert from "node:assert/strict";
import { test } from "node:test";
import type { NativeClient } from "../support/clients/native-client.ts";
import { forEachKind } from "../support/each-kind.ts";
import { type HttpCollector, httpCollector } from "../support/forwarding/collectors.ts";
import { createDestination, logged, readDestination } from "../support/forwarding/destinations.ts";
import { fakeIndex } from "../support/receivers/elasticsearch.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { admin } from "../support/worlds/people.ts";

// What a receiver refuses for good, over the API of a whole server.

interface DeadLetter {
  readonly event: number;
  readonly why: string;
  readonly tries: number;
  readonly format: string;
}

async function deadLetters(native: NativeClient): Promise<readonly DeadLetter[]> {
  const answer = await native.ask("GET", "destinations/index/dead-letters");
  assert.equal(answer.status, 200, answer.text);
  return answer.json<{ items: readonly DeadLetter[] }>().items;
}

async function order(native: NativeClient, does: "resend" | "drop", body: object): Promise<void> {
  const answer = await native.ask("POST", `destinations/index/dead-letters/${does}`, body);
  assert.equal(answer.status, 202, answer.text);
}

const idsOf = (some: readonly { readonly id: number }[]): readonly number[] => some.map(({ id }) => id);

/** An index that takes no event of these actions. */
function refusing(elastic: HttpCollector) {
  const index = fakeIndex();
  const refused = new Set<string>();
  const actionOf = new Map<string, string>();
  index.fault = (id) =>
    refused.has(actionOf.get(id) ?? "")
      ? { status: 400, type: "document_parsing_exception", reason: "failed to parse" }
      : undefined;
  elastic.receiver.reply = (request) => {
    const lines = request.body.toString().split("\n");
    for (let at = 0; at + 1 < lines.length; at += 2) {
      const { create } = JSON.parse(lines[at] ?? "") as { readonly create: { readonly _id: string } };
      const { event } = JSON.parse(lines[at + 1] ?? "") as { readonly event: { readonly action: string } };
      actionOf.set(create._id, event.action);
    }
    return index.reply(request);
  };
  const taken = (): readonly number[] => [...index.documents.keys()].map((id) => Number(id.split("#").at(-1)));
  return { refused, taken };
}

forEachKind((kind) => {
  test(`what is refused for good is kept as dead letters, sent again or dropped, and each is recorded (${kind})`, async () => {
    await using server = await startServer({ kind });
    const { native } = admin(server);
    await using elastic = await httpCollector("elasticsearch", "ecs");
    const { refused, taken } = refusing(elastic);
    refused.add("token.create");
    await native.ask("POST", "account/tokens", { name: "refused" });
    await native.ask("POST", "account/tokens", { name: "dropped" });
    const [first, second] = (await logged(native, 1, Infinity, "action=token.create")).slice(-2);
    const [id, dropped] = [first?.id ?? 0, second?.id ?? 0];
    const exclude = ["action:delivery.*"];
    await createDestination(native, { name: "index", ...elastic.destination, start: String(id), exclude });
    await until(async () => (await deadLetters(native)).some(({ event }) => event === id));
    await until(async () => (await readDestination(native, "index")).behind === 0);
    const letters = await deadLetters(native);
    assert.equal((await readDestination(native, "index")).dead_letters, letters.length);
    const one = letters.find(({ event }) => event === id);
    assert.deepEqual([one?.tries, one?.format], [5, "ecs"]);
    assert.match(
      one?.why ?? "",
      new RegExp(
        `^127\\.0\\.0\\.1:\\d+ answered 400 for event ${id} \\(document_parsing_exception: failed to parse\\)\\.$`,
      ),
    );
    // The rest went on.
    const all = idsOf(await logged(native, id, Infinity, "exclude=action:delivery.*"));
    const left = letters.map(({ event }) => event);
    assert.deepEqual(left, [id, dropped]);
    assert.deepEqual(
      taken(),
      all.filter((event) => !left.includes(event)),
    );
    for (const [event, status] of [
      [999_999, 404],
      [1e20, 400],
    ]) {
      assert.equal((await native.ask("POST", "destinations/index/dead-letters/drop", { event })).status, status);
    }
    await order(native, "resend", { event: id });
    await until(async () => (await deadLetters(native)).find(({ event }) => event === id)?.tries === 6);
    refused.clear();
    await order(native, "resend", { event: id });
    await until(() => taken().includes(id));
    await until(async () => (await deadLetters(native)).every(({ event }) => event !== id));
    await order(native, "drop", {});
    await until(async () => (await deadLetters(native)).length === 0);
    assert.equal((await readDestination(native, "index")).dead_letters, 0);
    assert.equal((await logged(native, 1, Infinity, "action=delivery.resend")).length, 2);
    assert.equal((await logged(native, 1, Infinity, "action=delivery.drop")).length, 1);
  });

  test(`with a destination go its dead letters, and one of the same name begins anew (${kind})`, async () => {
    await using server = await startServer({ kind });
    const { native } = admin(server);
    await using elastic = await httpCollector("elasticsearch", "ecs");
    const { taken } = refusing(elastic);
    const body = { name: "index", ...elastic.destination, start: "beginning" };
    await createDestination(native, body);
    await until(async () => (await readDestination(native, "index")).behind === 0);
    await server.meddle(
      "insert into dead_letter select id, 1, 'no room', 5, 'ecs', created from destination where name = 'index'",
    );
    assert.equal((await readDestination(native, "index")).dead_letters, 1);
    const { delivered_to } = await readDestination(native, "index");
    assert.equal((await native.ask("DELETE", "destinations/index")).status, 204);
    assert.equal((await native.ask("GET", "destinations/index")).status, 404);
    const [deletion] = await logged(native, 1, Infinity, "action=destination.delete");
    const event = await native.ask("GET", `events/${deletion?.id}`);
    const { details } = event.json<{ details: { delivered_to: number } }>();
    assert.ok(details.delivered_to >= delivered_to, "the log says how far it was");
    const before = taken();
    await native.ask("POST", "account/tokens", { name: "later" });
    const next = { ...body, exclude: ["action:token.*"] };
    await createDestination(native, next);
    const [, created] = (await logged(native, 1, Infinity, "action=destination.create")).toSorted(
      (a, b) => a.id - b.id,
    );
    await until(() => taken().includes(created?.id ?? 0));
    assert.ok(!before.includes(created?.id ?? 0));
    assert.deepEqual(await deadLetters(native), []);
    assert.deepEqual(await server.meddle("select * from dead_letter"), []);
  });
});
