import assert from "node:assert/strict";
import { test } from "node:test";
import { bearer, type NativeClient } from "../support/clients/native-client.ts";
import { freshFolder } from "../support/databases/databases.ts";
import { fileCollector, httpCollector } from "../support/forwarding/collectors.ts";
import { createDestination, logged, readDestination } from "../support/forwarding/destinations.ts";
import { readyAt, serve, startServerProcess, takeAppendKeyAlong } from "../support/server.ts";
import { until } from "../support/until.ts";

// Two servers on one PostgreSQL: a destination is one server's, and the other one's when that is killed.

interface ShownWorker {
  readonly name: string;
  readonly holder: { readonly pid: number } | null;
}

async function holderOf(native: NativeClient, name: string): Promise<number | undefined> {
  const { items } = (await native.ask("GET", "server/workers")).json<{ items: readonly ShownWorker[] }>();
  return items.find((worker) => worker.name === `deliver ${name}`)?.holder?.pid;
}

async function act(native: NativeClient, times: number): Promise<void> {
  for (let at = 0; at < times; at += 1) {
    assert.equal((await native.ask("POST", "account/tokens", { name: `token ${at}` })).status, 201);
  }
}

test("of two servers one delivers each event; when it is killed, the other goes on where it was", async () => {
  await using server = await startServerProcess({ kind: "postgres" });
  using folder = freshFolder();
  const first = bearer(server, server.firstLogin.apiKey);
  await using hook = await httpCollector("webhook", "json");
  await using file = await fileCollector("json");
  await createDestination(first, { name: "hook", ...hook.destination, start: "beginning" });
  await createDestination(first, { name: "file", ...file.destination, start: "beginning" });
  for (const name of ["hook", "file"]) await until(async () => (await holderOf(first, name)) === server.process.pid);
  takeAppendKeyAlong(server.data, folder.folder);
  const database = server.databaseArgs.slice(server.databaseArgs.indexOf("--database"));
  await using process = serve(["--data", folder.folder, ...database]);
  const second = bearer({ url: await readyAt(process) }, server.firstLogin.apiKey);
  for (const name of ["hook", "file"]) {
    await until(async () => (await holderOf(second, name)) === server.process.pid);
    await until(async () => (await readDestination(second, name)).state === "delivering");
  }
  await Promise.all([act(first, 30), act(second, 30)]);
  for (const name of ["hook", "file"]) await until(async () => (await readDestination(second, name)).behind === 0);
  const before = await logged(second, 1, Infinity);
  for (const collector of [hook, file]) assert.deepEqual(collector.arrived().slice(0, before.length), before);
  const connections = hook.receiver.connections;
  assert.equal(connections, 1, "nobody else has connected");

  const acting = act(second, 60);
  await act(first, 10);
  await server.kill();
  for (const name of ["hook", "file"]) await until(async () => (await holderOf(second, name)) === process.pid);
  await acting;
  for (const name of ["hook", "file"]) await until(async () => (await readDestination(second, name)).behind === 0);
  const all = await logged(second, 1, Infinity);
  for (const collector of [hook, file]) {
    const arrived = collector.arrived();
    const once = arrived.filter(({ id }, at) => arrived.findIndex((other) => other.id === id) === at);
    assert.deepEqual(once.slice(0, all.length), all);
    assert.ok(arrived.length - once.length <= 1_000, "a batch is repeated at most");
  }
});
