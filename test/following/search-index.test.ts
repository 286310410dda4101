import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import type { Kind } from "../support/databases/databases.ts";
import { forEachKind } from "../support/each-kind.ts";
import { bearer, type NativeClient, type NativeEvent } from "../support/clients/native-client.ts";
import { send } from "../support/clients/http-client.ts";
import { report } from "../support/reports.ts";
import { startSecondServer, startServer, startServerProcess, type TestServer } from "../support/server.ts";
import { admin } from "../support/worlds/people.ts";
import { until } from "../support/until.ts";

// The process that keeps a server's search index: it follows the log, and is never in the way of what is found.

interface SearchPage {
  readonly items: readonly NativeEvent[];
  readonly search: { readonly indexed_to: number };
}

interface Shown {
  readonly name: string;
  readonly state: string;
  readonly trouble: string | null;
  readonly cursor: number | null;
  readonly behind: number | null;
  readonly failures: number;
}

async function search(native: NativeClient, text: string): Promise<SearchPage> {
  const answer = await native.ask("GET", `events?${new URLSearchParams({ text }).toString()}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.json<SearchPage>();
}

async function descriptions(native: NativeClient, text: string): Promise<readonly (string | null)[]> {
  return (await search(native, text)).items.map(({ description }) => description);
}

async function workerOf(native: NativeClient): Promise<Shown> {
  const { items } = (await native.ask("GET", "server/workers")).json<{ items: readonly Shown[] }>();
  const found = items.find(({ name }) => name === "search");
  assert(found !== undefined);
  return found;
}

const told = (description: string) => ({ type: "NODE_POWER", action: "node.power", description });

/** Waits until all that is in the log is in the index. */
async function untilIndexed(native: NativeClient): Promise<void> {
  const last = (await native.ask("GET", "events?limit=1")).json<{ items: readonly NativeEvent[] }>().items[0]?.id ?? 0;
  await until(async () => (await search(native, "anything")).search.indexed_to >= last);
}

const started = (kind: Kind): Promise<TestServer> => startServer({ kind, keepsSearchIndex: true });
const fileOf = ({ data }: Pick<TestServer, "data">): string => path.join(data, "search.db");

/** Takes every word of every event out of an index, behind the back of whoever keeps it. */
function emptyIndex(file: string): void {
  using database = new DatabaseSync(file);
  database.exec("insert into fts_0(fts_0) values ('delete-all')");
}

forEachKind((kind) => {
  test(`what is recorded is found at once, and soon by the index, which is its owner's alone (${kind})`, async () => {
    await using server = await started(kind);
    const { native } = admin(server);
    await report(native, told("Power failed on rack-17."));
    assert.deepEqual(await descriptions(native, "rack-17"), ["Power failed on rack-17."]);
    await untilIndexed(native);
    await until(async () => (await workerOf(native)).behind === 0);
    assert.deepEqual(await descriptions(native, "RACK-1 failed"), ["Power failed on rack-17."]);
    const { state, trouble, cursor, behind } = await workerOf(native);
    assert.deepEqual([state, trouble, behind], ["running", null, 0]);
    assert(cursor !== null && cursor > 0);
    for (const name of readdirSync(server.data).filter((one) => one.startsWith("search.db"))) {
      assert.equal(statSync(path.join(server.data, name)).mode & 0o777, 0o600, name);
    }
    const ready = await send(server.url, "/readyz", {
      headers: { authorization: `Bearer ${server.firstLogin.apiKey}` },
    });
    assert.match(ready.text, /^worker search: running.*at event \d+, 0 behind$/m);
  });

  test(`an index that was deleted while the server runs is built again, and nothing is said of it (${kind})`, async () => {
    await using server = await started(kind);
    const { native } = admin(server);
    await report(native, told("Power failed on rack-17."));
    await untilIndexed(native);
    for (const end of ["", "-wal", "-shm"]) rmSync(`${fileOf(server)}${end}`, { force: true });
    assert.deepEqual(await descriptions(native, "rack-17"), ["Power failed on rack-17."]);
    await until(async () => existsSync(fileOf(server)) && (await workerOf(native)).behind === 0);
    await untilIndexed(native);
    assert.deepEqual(await descriptions(native, "rack-17"), ["Power failed on rack-17."]);
    assert.deepEqual(await descriptions(native, "search.fault differed"), []);
  });

  for (const [what, damage] of [
    ["is cut", (file: string) => truncateSync(file, 5_000)],
    ["has other bytes", (file: string) => writeFileSync(file, readFileSync(file).fill(0x5a, 4_096))],
    ["is no database", (file: string) => writeFileSync(file, "x".repeat(10_000))],
    ["has lost its words", emptyIndex],
  ] as const) {
    test(`an index that ${what} while the server is down hides nothing, is built again, and this is recorded (${kind})`, async () => {
      await using server = await started(kind);
      const { native } = admin(server);
      await report(native, told("Power failed on rack-17."));
      await untilIndexed(native);
      await server.stop();
      damage(fileOf(server));
      await server.start();
      const again = bearer(server, server.firstLogin.apiKey);
      await until(async () => (await descriptions(again, "index differed")).length > 0);
      await untilIndexed(again);
      assert.deepEqual(await descriptions(again, "rack-17"), ["Power failed on rack-17."]);
      const faults = (await search(again, "index differed")).items.map(({ details }) => details?.["what"]);
      assert.equal(faults.length, 1, faults.join("; "));
      const metrics = await send(server.url, "/metrics", {
        headers: { authorization: `Bearer ${server.firstLogin.apiKey}` },
      });
      assert.match(metrics.text, /^ironlog_search_rebuilds 1$/m);
    });
  }

  for (const [what, change] of [
    ["of another log", "update progress set leaf_hash = zeroblob(32)"],
    ["ahead of the log, as after a restore,", "update progress set event_id = event_id + 1000"],
    ["of another format", "pragma user_version = 0"],
  ] as const) {
    test(`an index ${what} is built again, which is no fault (${kind})`, async () => {
      await using server = await started(kind);
      const { native } = admin(server);
      await report(native, told("Power failed on rack-17."));
      await untilIndexed(native);
      await server.stop();
      emptyIndex(fileOf(server));
      {
        using database = new DatabaseSync(fileOf(server));
        database.exec(change);
      }
      await server.start();
      const again = bearer(server, server.firstLogin.apiKey);
      await untilIndexed(again);
      assert.deepEqual(await descriptions(again, "rack-17"), ["Power failed on rack-17."]);
      assert.deepEqual(await descriptions(again, "index differed"), []);
    });
  }

  test(`damage that a search comes upon is told, and the search reads rows (${kind})`, async () => {
    await using server = await started(kind);
    const { native } = admin(server);
    await report(native, told("Power failed on rack-17."));
    await untilIndexed(native);
    {
      using database = new DatabaseSync(fileOf(server));
      database.exec("drop table part_0");
    }
    assert.deepEqual(await descriptions(native, "rack-17"), ["Power failed on rack-17."]);
    await until(async () => (await descriptions(native, "index differed")).length > 0);
    await untilIndexed(native);
    assert.deepEqual(await descriptions(native, "rack-17"), ["Power failed on rack-17."]);
  });

  test(`a process that is killed is started again, and goes on (${kind})`, async () => {
    await using server = await startServerProcess({ kind });
    const { native } = admin(server);
    await untilIndexed(native);
    const killed = indexerOf(server.process.pid);
    process.kill(killed, "SIGKILL");
    await report(native, told("Power failed on rack-17."));
    await until(async () => (await workerOf(native)).failures > 0);
    await untilIndexed(native);
    assert.deepEqual(await descriptions(native, "rack-17"), ["Power failed on rack-17."]);
    assert.notEqual(indexerOf(server.process.pid), killed);
  });

  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    test(`the process ends with its server, also by ${signal} (${kind})`, async () => {
      await using server = await startServerProcess({ kind });
      const { native } = admin(server);
      await untilIndexed(native);
      const pid = indexerOf(server.process.pid);
      if (signal === "SIGKILL") await server.kill();
      else await server.stop(signal);
      await until(async () => !isRunning(pid));
    });
  }
});

test("two servers on one PostgreSQL have an index each", async () => {
  await using first = await started("postgres");
  await using second = await startSecondServer(first, true);
  const { apiKey } = first.firstLogin;
  const both = [bearer(first, apiKey), bearer(second, apiKey)];
  await report(both[0] ?? bearer(first, apiKey), told("Power failed on rack-17."));
  for (const native of both) {
    await untilIndexed(native);
    assert.deepEqual(await descriptions(native, "rack-17"), ["Power failed on rack-17."]);
  }
  for (const server of [first, second]) assert(existsSync(fileOf(server)));
});

/** The process id of the child of a server that keeps its index. */
function indexerOf(server: number | undefined): number {
  const children = readFileSync(`/proc/${server}/task/${server}/children`, "utf8").trim().split(" ").map(Number);
  const found = children.find((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("\0search\0index\0"));
  assert(found !== undefined, `process ${server} has no indexer`);
  return found;
}

function isRunning(pid: number): boolean {
  try {
    // A process that nobody waited for is still listed.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
