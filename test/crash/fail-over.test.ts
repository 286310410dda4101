import assert from "node:assert/strict";
import { test } from "node:test";
import pg from "pg";
import { openShell, type Shell } from "../support/processes/command.ts";
import { freshFolder } from "../support/databases/databases.ts";
import type { Answer } from "../support/clients/http-client.ts";
import { bearer } from "../support/clients/native-client.ts";
import { freePort } from "../support/ports.ts";
import { type Cluster, startCluster } from "../support/databases/postgres-cluster.ts";
import { startStandby } from "../support/databases/postgres-standby.ts";
import { readFirstLogin, readyAt, refusedStart, serve } from "../support/server.ts";
import { until } from "../support/until.ts";

// A URL with several hosts: the writer is found among them, also after a fail-over.

const hostOf = ({ url }: Cluster): string => new URL(url).host;

async function assertVerified(shell: Shell, args: readonly string[]): Promise<void> {
  const ran = await shell.ironlog(["log", "verify", ...args]);
  assert.equal(ran.code, 0, ran.stdout + ran.stderr);
}

/** Asks again for as long as it is told to come back. */
async function untilServed(ask: () => Promise<Answer>): Promise<Answer> {
  let answer = await ask();
  await until(async () => answer.status !== 503 || (answer = await ask()).status !== 503);
  return answer;
}

test("of several hosts the writer is found, and after a fail-over the new one", async () => {
  const primary = await startCluster();
  const standby = await startStandby(primary);
  using folder = freshFolder();
  using shell = openShell();
  try {
    const silent = `127.0.0.1:${await freePort()}`;
    const hosts = [silent, hostOf(standby), hostOf(primary)].join(",");
    const args = ["--data", folder.folder, "--database", `postgres://ironlog@${hosts}/postgres`];
    await using process = serve([...args.slice(0, -1), `${args.at(-1)}?target_session_attrs=read-write`]);
    const server = { url: await readyAt(process) };
    const native = bearer(server, readFirstLogin(folder.folder).apiKey);
    const make = (name: string) => native.ask("POST", "account/tokens", { name });
    assert.equal((await make("before")).status, 201);
    await standby.untilEven();
    await assertVerified(shell, args);
    // Reading everything is what a standby is good for.
    const reading = `postgres://ironlog@${hostOf(standby)},${silent}/postgres?target_session_attrs=any`;
    await assertVerified(shell, ["--data", folder.folder, "--database", reading]);

    await primary.stop();
    const away = await make("while there is no writer");
    assert.equal(away.status, 503, away.text);
    await standby.promote();
    assert.equal((await untilServed(() => make("after"))).status, 201);
    const names = (await native.ask("GET", "account/tokens")).text;
    assert.match(names, /"before"/);
    assert.match(names, /"after"/);
    // The leases are taken anew at the new writer, and what has happened since is signed.
    const { size } = (await native.ask("GET", "log")).json<{ size: number }>();
    const sealed = async () =>
      (await native.ask("GET", "log")).json<{ checkpoint: { size: number } }>().checkpoint.size;
    await until(async () => (await sealed()) >= size);
    const { items } = (await native.ask("GET", "server/workers")).json<{
      items: readonly { name: string; holder: { is_this_server: boolean } | null; trouble: string | null }[];
    }>();
    const signer = items.find(({ name }) => name === "signer");
    assert.deepEqual([signer?.holder?.is_this_server, signer?.trouble], [true, null]);
    await assertVerified(shell, args);
  } finally {
    await standby.stop();
    await primary.stop();
  }
});

test("a host that refuses changes is passed over by read-write; without a writer each host's reason is said", async () => {
  const [fenced, writer] = [await startCluster(), await startCluster()];
  const standby = await startStandby(writer);
  using folder = freshFolder();
  using shell = openShell();
  try {
    const silent = `127.0.0.1:${await freePort()}`;
    const database = (...hosts: string[]): string[] => [
      "--data",
      folder.folder,
      "--database",
      `postgres://ironlog:hunter2@${hosts.join(",")}/postgres?application_name=x&target_session_attrs=read-write`,
    ];
    const fence = await shell.ironlog(["migrate", ...database(hostOf(fenced))]);
    assert.equal(fence.code, 0, fence.stderr);
    const client = new pg.Client({ connectionString: fenced.url });
    await client.connect();
    await client.query("alter system set default_transaction_read_only = on");
    await client.query("select pg_reload_conf()");
    await client.end();

    const says = await refusedStart(database(silent, hostOf(fenced), hostOf(standby)), 1);
    assert.match(says, /no host .* can be written to \(.*ECONNREFUSED.*: read-only; .*: a standby\)/);
    assert.doesNotMatch(says, /hunter2/);
    await using process = serve(database(hostOf(fenced), hostOf(writer)));
    await readyAt(process);
    assert.notEqual(readFirstLogin(folder.folder).apiKey, "");
  } finally {
    for (const cluster of [standby, writer, fenced]) await cluster.stop();
  }
});

test("what of several hosts would have no effect is refused aloud", async () => {
  using folder = freshFolder();
  for (const [url, says] of [
    ["postgres://a,b/x?target_session_attrs=standby", /target_session_attrs=standby .* use any, primary, read-write/],
    ["postgres://a,b/x?target_session_attrs=prefer-standby", /=prefer-standby .* use any, primary, read-write/],
    ["postgres://a,,b/x", /with several hosts postgres:\/\//],
    ["postgres://a:1,b:no/x", /with several hosts postgres:\/\//],
    ["postgres://x/y?host=a,b", /write several hosts before the path/],
    ["postgres://a,b/y?port=1", /write several hosts before the path/],
  ] as const) {
    assert.match(await refusedStart(["--data", folder.folder, "--database", url]), says, url);
  }
});
