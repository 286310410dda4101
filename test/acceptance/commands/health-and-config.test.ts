import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, renameSync, rmdirSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { test } from "node:test";
import { serverSettings } from "../../../src/config.ts";
import { send } from "../../support/clients/http-client.ts";
import { freshFolder } from "../../support/databases/databases.ts";
import { forEachKind } from "../../support/each-kind.ts";
import { freePort } from "../../support/ports.ts";
import { openShell } from "../../support/processes/command.ts";
import { root } from "../../support/processes/program.ts";
import { readyAt, serve, startServerProcess } from "../../support/server.ts";
import { until } from "../../support/until.ts";
import { admin } from "../../support/worlds/people.ts";

// What probes and operators ask of the server that runs here.

forEachKind((kind) => {
  test(`health says what /readyz says: 0 ready or degraded, 1 not ready; strictly, degraded is 1 (${kind})`, async () => {
    await using server = await startServerProcess({ kind });
    using shell = openShell();
    const { port } = new URL(server.url);
    const health = (...more: readonly string[]) =>
      shell.ironlog(["health", "--port", port, ...server.databaseArgs, ...more]);
    await until(async () => (await send(server.url, "/readyz")).text.startsWith("ready\n"));
    const ready = await health("--strict");
    assert.deepEqual([ready.code, ready.stdout.split("\n")[0], ready.stderr], [0, "ready", ""]);

    // A folder in the checkpoint file's place: it can't sign.
    const file = path.join(server.data, "log.key.checkpoint");
    await until(() => existsSync(file));
    renameSync(file, `${file}.away`);
    mkdirSync(file);
    assert.equal((await admin(server).native.ask("POST", "account/tokens", { name: "an act" })).status, 201);
    await until(async () => (await send(server.url, "/readyz")).text.startsWith("degraded: not signing\n"));
    const degraded = await health();
    assert.deepEqual([degraded.code, degraded.stdout.split("\n")[0]], [0, "degraded: not signing"]);
    assert.equal((await health("--strict")).code, 1);
    rmdirSync(file);
    renameSync(`${file}.away`, file);

    await server.meddle("alter table log_head rename to log_head_away");
    const away = await health();
    assert.equal(away.code, 1);
    assert.match(away.stdout, /^not ready: the database can't be read/);
    await server.meddle("alter table log_head_away rename to log_head");
    assert.equal((await health()).code, 0);

    await server.stop();
    const gone = await health();
    assert.equal(gone.code, 1);
    assert.match(
      gone.stderr,
      new RegExp(`^ironlog health: no answer from 127\\.0\\.0\\.1, port ${port} \\(.*ECONNREFUSED`),
    );
    assert.equal(gone.stderr.trim().split("\n").length, 1);
  });
});

test("health asks where the server's own settings say, and is told of one that says nothing sensible", async () => {
  using folder = freshFolder();
  using shell = openShell();
  const port = String(await freePort());
  const url = "https://example.com/audit";
  await using server = serve(["--data", folder.folder, "--host", "0.0.0.0", "--port", port, "--url", url]);
  await readyAt(server);
  const env = { IRONLOG_HOST: "0.0.0.0", IRONLOG_PORT: port, IRONLOG_URL: url };
  const ran = await shell.ironlog(["health"], { env });
  assert.deepEqual([ran.code, ran.stderr], [0, ""], ran.stdout);
  const free = await shell.ironlog(["health", "--port", "0"]);
  assert.equal(free.code, 1);
  assert.match(free.stderr, /^ironlog health: With --port 0 the server takes a free port/);
  const wrong = await shell.ironlog(["health", "--prot", "1"]);
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /--prot/);

  // Somebody who takes the connection and is no HTTP server.
  const other = net.createServer((socket) => socket.end("hello\r\n")).listen(0, "127.0.0.1");
  await once(other, "listening");
  try {
    const odd = await shell.ironlog(["health", "--port", String((other.address() as net.AddressInfo).port)]);
    assert.equal(odd.code, 1);
    assert.match(odd.stderr, /^ironlog health: no answer from 127\.0\.0\.1/);
  } finally {
    other.close();
  }
});

interface Shown {
  readonly name: string;
  readonly value: string | null;
  readonly from: string;
}

test("config prints every setting in effect and what it comes from, without the password of the database", async () => {
  using shell = openShell();
  using folder = freshFolder();
  const env = {
    STATE_DIRECTORY: folder.folder,
    IRONLOG_DATABASE: "postgres://ada:hunter2@db.example.com/audit?password=hunter3",
    IRONLOG_PORT: "8443",
    IRONLOG_LOG_LEVEL: "warn",
  };
  const args = ["config", "--port", "9443", "--trusted-proxy", "10.0.0.0/8,192.0.2.1"];
  const ran = await shell.ironlog([...args, "--json"], { env });
  assert.equal(ran.code, 0, ran.stderr);
  assert.doesNotMatch(ran.stdout, /hunter/);
  const shown = JSON.parse(ran.stdout) as readonly Shown[];
  assert.deepEqual(
    shown.map(({ name }) => name),
    serverSettings.map(({ flag }) => flag),
  );
  const one = (name: string): unknown => {
    const { value, from } = shown.find((setting) => setting.name === name) ?? {};
    return [value, from];
  };
  assert.deepEqual(one("port"), ["9443", "--port"]);
  assert.deepEqual(one("log-level"), ["warn", "IRONLOG_LOG_LEVEL"]);
  assert.deepEqual(one("host"), ["127.0.0.1", "default"]);
  assert.deepEqual(one("data"), [folder.folder, "STATE_DIRECTORY"]);
  assert.deepEqual(one("database"), ["postgres://ada:********@db.example.com/audit", "IRONLOG_DATABASE"]);
  assert.deepEqual(one("append-key"), [path.join(folder.folder, "append.key"), "default"]);
  assert.deepEqual(one("trusted-proxy"), ["10.0.0.0/8,192.0.2.1/32", "--trusted-proxy"]);
  assert.deepEqual(one("url"), [null, "default"]);

  const table = await shell.ironlog(args, { env });
  assert.match(table.stdout, /^port +9443 +--port$/m);
  assert.match(table.stdout, /^url +- +default$/m);
  assert.doesNotMatch(table.stdout, /hunter/);
  assert.equal(table.stdout.trimEnd().split("\n").length, serverSettings.length);
  // Nothing was made.
  assert.deepEqual(
    await shell.ironlog(["config"], { env: { STATE_DIRECTORY: "/nowhere" } }).then(({ code }) => code),
    0,
  );
});

test("config refuses what serve refuses, in its words", async () => {
  using shell = openShell();
  const port = await freePort();
  for (const words of [
    ["--port", "http"],
    ["--tls-cert", "/none.pem"],
    ["--url", "nowhere"],
    ["--prot", String(port)],
  ]) {
    const [serve, config] = [await shell.ironlog(["serve", ...words]), await shell.ironlog(["config", ...words])];
    assert.deepEqual([serve.code, config.code], [78, 1], words.join(" "));
    assert.equal(config.stderr, serve.stderr.replace("ironlog serve:", "ironlog config:"));
  }
  const page = readFileSync(path.join(root, "docs/operating/install.md"), "utf8");
  for (const words of ["ironlog health", "ironlog config"]) assert.ok(page.includes(words), words);
});
