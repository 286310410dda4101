import assert from "node:assert/strict";
import { test } from "node:test";
import pg from "pg";
import { freshFolder } from "../support/databases/databases.ts";
import { startCluster } from "../support/databases/postgres-cluster.ts";
import { startStandby } from "../support/databases/postgres-standby.ts";
import { bearer, type NativeClient } from "../support/clients/native-client.ts";
import { powerFailure, report } from "../support/reports.ts";
import { readFirstLogin, readyAt, refusedStart, serve } from "../support/server.ts";
import { until } from "../support/until.ts";

// `--read-database`: a hot standby answers what takes long and may be a moment old, and nothing else.

interface ShownWorker {
  readonly name: string;
  readonly state: string;
  readonly behind: number | null;
  readonly trouble: string | null;
}

async function standbyOf(native: NativeClient): Promise<ShownWorker> {
  const answer = await native.ask("GET", "server/workers");
  const { items } = answer.json<{ items: readonly ShownWorker[] }>();
  const found = items.find(({ name }) => name === "standby");
  assert(found !== undefined, answer.text);
  return found;
}

async function counted(native: NativeClient): Promise<number> {
  const answer = await native.ask("GET", "events/top?by=action&action=node.power");
  assert.equal(answer.status, 200, answer.text);
  return answer.json<{ counted: number }>().counted;
}

test("what takes long is read from a hot standby while it follows, and from the database itself while it doesn't", async () => {
  const primary = await startCluster();
  const standby = await startStandby(primary);
  using folder = freshFolder();
  try {
    const database = ["--data", folder.folder, "--database", primary.url];
    await using process = serve([...database, "--read-database", standby.url]);
    const server = { url: await readyAt(process) };
    const native = bearer(server, readFirstLogin(folder.folder).apiKey);
    await standby.untilEven();
    await until(async () => (await standbyOf(native)).state === "running");
    await report(native, powerFailure);
    await until(async () => (await counted(native)) === 1);

    // What is replayed no more isn't there, as long as it is a moment alone.
    const replaying = new pg.Client({ connectionString: standby.url });
    replaying.on("error", () => {});
    await replaying.connect();
    await replaying.query("select pg_wal_replay_pause()");
    await until(async () => {
      const { rows } = await replaying.query<{ state: string }>("select pg_get_wal_replay_pause_state() as state");
      return rows[0]?.state === "paused";
    });
    await report(native, powerFailure);
    assert.equal(await counted(native), 1, "the standby answers");
    const file = (await native.ask("GET", "events/export?format=jsonl&action=node.power")).text;
    assert.equal(file.trim().split("\n").length, 1, "and exports");
    const listed = await native.ask("GET", "events?action=node.power");
    assert.equal(listed.json<{ items: readonly unknown[] }>().items.length, 2, "a page sees one's own write");
    assert.ok(((await standbyOf(native)).behind ?? 0) > 0, "and how far it is behind is shown");
    await replaying.query("select pg_wal_replay_resume()");
    await replaying.end();
    await until(async () => (await counted(native)) === 2);

    await standby.stop();
    await until(async () => (await standbyOf(native)).state === "failing");
    assert.equal(await counted(native), 2, "the database itself answers");
    await report(native, powerFailure);
    assert.equal(await counted(native), 3);
  } finally {
    await standby.stop();
    await primary.stop();
  }
});

test("a standby of another log is not read", async () => {
  const [primary, other] = [await startCluster(), await startCluster()];
  using folder = freshFolder();
  using otherFolder = freshFolder();
  try {
    {
      await using process = serve(["--data", otherFolder.folder, "--database", other.url]);
      const native = bearer({ url: await readyAt(process) }, readFirstLogin(otherFolder.folder).apiKey);
      await report(native, powerFailure);
    }
    await using process = serve(["--data", folder.folder, "--database", primary.url, "--read-database", other.url]);
    const native = bearer({ url: await readyAt(process) }, readFirstLogin(folder.folder).apiKey);
    await until(async () => (await standbyOf(native)).state === "failing");
    assert.match((await standbyOf(native)).trouble ?? "", /has another log: is it a standby of this database\?/);
    assert.equal(await counted(native), 0);
  } finally {
    await other.stop();
    await primary.stop();
  }
});

test("beside SQLite a standby is refused", async () => {
  using folder = freshFolder();
  const said = await refusedStart(["--data", folder.folder, "--read-database", "postgres://a@127.0.0.1/b"]);
  assert.match(said, /--read-database takes a standby of PostgreSQL: give it together with --database/);
});
