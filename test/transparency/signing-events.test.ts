import assert from "node:assert/strict";
import { mkdirSync, readFileSync, renameSync, rmdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { send } from "../support/clients/http-client.ts";
import { kinds } from "../support/databases/databases.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { admin } from "../support/worlds/people.ts";
import { until } from "../support/until.ts";

// The log tells when signing stops and when it goes on, once each.

/** The events about signing, oldest first. */
async function told(server: TestServer): Promise<readonly string[]> {
  const answer = await admin(server).native.ask("GET", "events?action=log.sign.*&source=ironlog");
  return answer
    .json<{ readonly items: readonly { readonly description: string; readonly outcome: string }[] }>()
    .items.map(({ description, outcome }) => `${outcome}: ${description}`)
    .toReversed();
}

async function untilTold(server: TestServer, count: number): Promise<readonly string[]> {
  let events: readonly string[] = [];
  await until(async () => (events = await told(server)).length >= count);
  return events;
}

async function act(server: TestServer): Promise<number> {
  assert.equal((await admin(server).native.ask("POST", "account/tokens", { name: "an act" })).status, 201);
  const { size } = (await admin(server).native.ask("GET", "log")).json<{ readonly size: number }>();
  return size;
}

async function untilSealed(server: TestServer, size: number): Promise<void> {
  await until(async () => Number((await send(server.url, "/log/checkpoint")).text.split("\n")[1]) >= size);
}

/** So many looks of the worker that records it. */
async function untilLooked(server: TestServer, looks: number): Promise<void> {
  const turns = async (): Promise<number> => {
    const answer = await admin(server).native.ask("GET", "server/workers");
    const { items } = answer.json<{ readonly items: readonly { readonly name: string; readonly turns: number }[] }>();
    return items.find(({ name }) => name === "signing-events")?.turns ?? 0;
  };
  const end = (await turns()) + looks;
  await until(async () => (await turns()) >= end);
}

for (const kind of kinds) {
  test(`a signer in doubt is told once, also after another start, and that signing goes on once (${kind})`, async () => {
    await using server = await startServer({ kind });
    await untilSealed(server, await act(server));
    const file = path.join(server.data, "log.key.checkpoint");
    const kept = readFileSync(file, "utf8");
    writeFileSync(file, "no checkpoint");
    const [stop, ...others] = await untilTold(server, 1);
    assert.match(
      stop ?? "",
      /^failure: Signing stopped: what stands in .*log\.key\.checkpoint is no checkpoint: .*[^.]\.$/,
    );
    assert.deepEqual(others, []);
    await act(server);
    await untilLooked(server, 2);
    await server.stop();
    await server.start();
    await untilLooked(server, 2);
    assert.equal((await told(server)).length, 1, "nothing has changed since");
    await server.stop();
    writeFileSync(file, kept);
    await server.start();
    assert.deepEqual((await untilTold(server, 2)).slice(1), ["success: Signing resumed."]);
    await untilSealed(server, await act(server));
    await untilLooked(server, 2);
    assert.equal((await told(server)).length, 2);
  });

  test(`a checkpoint that can't be written is told once it lasts, not at each attempt (${kind})`, async () => {
    await using server = await startServer({ kind });
    await untilSealed(server, await act(server));
    const file = path.join(server.data, "log.key.checkpoint");
    renameSync(file, `${file}.away`);
    mkdirSync(file);
    assert.match((await untilTold(server, 1))[0] ?? "", /^failure: Signing stopped: the last checkpoint could not be/);
    await untilLooked(server, 2);
    assert.match((await send(server.url, "/readyz")).text, /^degraded: not signing$/m);
    assert.equal((await told(server)).length, 1);
    rmdirSync(file);
    renameSync(`${file}.away`, file);
    assert.deepEqual((await untilTold(server, 2)).slice(1), ["success: Signing resumed."]);
    assert.match((await send(server.url, "/readyz")).text, /^ready$/m);
  });
}
