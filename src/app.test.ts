import assert from "node:assert/strict";
import { test } from "node:test";
import { pino } from "pino";
import { freshFolder } from "../test/support/databases/databases.ts";
import { send } from "../test/support/clients/http-client.ts";
import { cleanEnvironment, mainFile } from "../test/support/processes/program.ts";
import { readFirstLogin } from "../test/support/server.ts";
import { type RunningApp, startApp } from "./app.ts";
import { serverConfig } from "./config.ts";

test("a server in this process leaves no signal's listener, and stops for good", async () => {
  using data = freshFolder();
  const before = listeners();
  await using server = await startIn(data.folder);
  assert.deepEqual(listeners(), before);
  assert.equal((await send(server.url, "/healthz")).status, 200);
  await server.stop();
  await assert.rejects(send(server.url, "/healthz"));
  assert.deepEqual(listeners(), before);
});

test("two servers in one process know nothing of each other", async () => {
  using one = freshFolder();
  using other = freshFolder();
  await using first = await startIn(one.folder);
  await using second = await startIn(other.folder);
  assert.notEqual(first.url, second.url);
  assert.notEqual(readFirstLogin(one.folder).password, readFirstLogin(other.folder).password);
  await first.stop();
  assert.equal((await send(second.url, "/healthz")).status, 200);
});

test("what a server wrote is there after it has stopped and started again", async () => {
  using data = freshFolder();
  await (await startIn(data.folder)).stop();
  const { apiKey } = readFirstLogin(data.folder);
  assert.notEqual(apiKey, "");
  await using again = await startIn(data.folder);
  assert.equal((await send(again.url, "/healthz")).status, 200);
  assert.equal(readFirstLogin(data.folder).apiKey, apiKey);
});

test("a data directory that another server of this process has is refused, and the other goes on", async () => {
  using data = freshFolder();
  await using server = await startIn(data.folder);
  await assert.rejects(startIn(data.folder), /another Ironlog serves/);
  assert.equal((await send(server.url, "/healthz")).status, 200);
});

function startIn(folder: string): Promise<RunningApp> {
  const config = serverConfig(["--data", folder, "--port", "0"], cleanEnvironment());
  return startApp(config, { log: pino({ level: "silent" }), mainFile });
}

function listeners(): readonly (readonly [string | symbol, number])[] {
  const names = process.eventNames().filter((name) => /^(SIG|uncaught|unhandled)/.test(String(name)));
  return names.map((name) => [name, process.listenerCount(name)] as const);
}
