import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { suite, test } from "node:test";
import { freshFolder, freshLocation } from "../support/databases/databases.ts";
import { openShell } from "../support/processes/command.ts";
import { forEachKind } from "../support/each-kind.ts";
import { send } from "../support/clients/http-client.ts";
import { allEvents, bearer } from "../support/clients/native-client.ts";
import { admin, makePerson } from "../support/worlds/people.ts";
import type { TestProcess } from "../support/processes/program.ts";
import { readFirstLogin, readyAt, serve, startServerProcess } from "../support/server.ts";

// Starting and stopping.

/** Waits until a server has given up, and asserts that it said why in one line that names the mend. */
async function assertGivesUp(server: TestProcess, status: 1 | 78, ...says: readonly RegExp[]): Promise<void> {
  const { code } = await server.ended;
  const { stderr, stdout } = server;
  assert.equal(code, status, stdout + stderr);
  const lines = stderr.split("\n").filter((line) => line !== "");
  assert.equal(lines.length, 1, `one line, not these:\n${stderr}`);
  assert.doesNotMatch(stderr, /^ +at |node_modules|\.ts:\d/m);
  for (const pattern of says) assert.match(stderr, pattern);
  assert.doesNotMatch(stdout, /ready/);
}

test("a port in use is one clear line that names it", async () => {
  const taken = net.createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as net.AddressInfo;
  try {
    using data = freshFolder();
    await using server = serve(["--data", data.folder, "--port", String(port)]);
    await assertGivesUp(server, 1, new RegExp(String(port)), /--port/);
  } finally {
    taken.close();
  }
});

test("a data directory that can't be made is one clear line that names it", async () => {
  using data = freshFolder();
  const file = path.join(data.folder, "file");
  writeFileSync(file, "");
  const below = path.join(file, "data");
  await using server = serve(["--data", below]);
  await assertGivesUp(server, 78, new RegExp(below), /--data/);
});

test("a data directory that is a file is one clear line that names it", async () => {
  using data = freshFolder();
  const file = path.join(data.folder, "file");
  writeFileSync(file, "");
  await using server = serve(["--data", file]);
  await assertGivesUp(server, 78, new RegExp(file));
});

test("a second server on a data directory is one clear line, and the first goes on", async () => {
  await using first = await startServerProcess({ kind: "sqlite" });
  await using second = serve(["--data", first.data]);
  await assertGivesUp(second, 1, new RegExp(first.data));
  assert.equal((await send(first.url, "/readyz")).status, 200);
});

for (const [what, bytes] of [
  ["no database", Buffer.from("this is no database, but it is long enough to be looked at ".repeat(40))],
  ["a damaged database", Buffer.concat([Buffer.from("SQLite format 3\0"), Buffer.alloc(8000, 0xa5)])],
] as const) {
  test(`a database file that is ${what} is one clear line that names it, and is left as it was`, async () => {
    using data = freshFolder();
    const file = path.join(data.folder, "ironlog.db");
    writeFileSync(file, bytes);
    await using server = serve(["--data", data.folder]);
    await assertGivesUp(server, 78, new RegExp(file), /backup|restore/i);
    assert.equal(statSync(file).size, bytes.length);
  });
}

test("a database whose pages are damaged is one clear line that names it", async () => {
  await using server = await startServerProcess({ kind: "sqlite" });
  await server.stop();
  const file = path.join(server.data, "ironlog.db");
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0xa5, 4096));
  await using again = serve(server.databaseArgs);
  await assertGivesUp(again, 78, new RegExp(file), /backup|restore/i);
});

test("a directory where the database file should be is one clear line", async () => {
  using data = freshFolder();
  mkdirSync(path.join(data.folder, "ironlog.db"));
  await using server = serve(["--data", data.folder]);
  await assertGivesUp(server, 78, /ironlog\.db/);
});

forEachKind((kind) => {
  test(`a database of a newer version is one clear line, and is left as it was (${kind})`, async () => {
    await using server = await startServerProcess({ kind });
    await server.stop();
    await server.meddle(
      "insert into kysely_migration (name, timestamp) values ('9999-future', '2999-01-01T00:00:00.000Z')",
    );
    const before = await server.meddle("select count(*) as n from event");
    await using newer = serve(server.databaseArgs);
    await assertGivesUp(newer, 78, /newer|9999-future/i);
    assert.deepEqual(await server.meddle("select count(*) as n from event"), before);
  });
});

test("a PostgreSQL that isn't there is one clear line, without its password", async () => {
  using data = freshFolder();
  const taken = net.createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as net.AddressInfo;
  taken.close();
  await once(taken, "close");
  await using server = serve(["--data", data.folder, "--database", `postgres://me:hunter2hunter2@127.0.0.1:${port}/x`]);
  await assertGivesUp(server, 1, /postgres/i);
  assert.doesNotMatch(server.stderr + server.stdout, /hunter2/);
});

suite("what can't be meant is one clear line that names it", { concurrency: 4 }, () => {
  for (const [what, args, says] of [
    ["an unknown option", ["--nonsense"], /--nonsense/],
    ["a word too many", ["nonsense"], /nonsense/],
    ["an option without its value", ["--host"], /--host/],
    ["a port that isn't one", ["--port", "70000"], /70000|port/],
    ["a port that is no number", ["--port", "http"], /http|port/],
    ["a database that is none", ["--database", "mysql://localhost/x"], /database|mysql/i],
    ["a proxy that is no address", ["--trusted-proxy", "10.0.0.0/99"], /trusted-proxy|10\.0\.0\.0\/99/],
    ["a URL that is none", ["--url", "nonsense"], /url/i],
    ["a certificate without its key", ["--tls-cert", "/nonexistent.pem"], /tls-key|nonexistent/],
    ["a version of MAAS that there isn't", ["--maas-version", "3.5"], /maas-version|2\.9/],
  ] as const) {
    test(what, async () => {
      using data = freshFolder();
      await using server = serve(["--data", data.folder, ...args]);
      await assertGivesUp(server, 78, says);
    });
  }
});

test("an unknown variable IRONLOG_… is one clear line that names it", async () => {
  using data = freshFolder();
  await using server = serve(["--data", data.folder], { IRONLOG_DATEBASE: "postgres://localhost/x" });
  await assertGivesUp(server, 78, /IRONLOG_DATEBASE/);
});

test("every option can be a variable of the environment, and an option wins over it", async () => {
  using data = freshFolder();
  using other = freshFolder();
  await using server = serve(["--data", data.folder], { IRONLOG_DATA: other.folder, IRONLOG_MAAS_VERSION: "2.8" });
  const [, url = ""] = await server.until(/ready at (\S+?)\/? /);
  assert.match((await send(url, "/MAAS/api/2.0/version/")).json<{ version: string }>().version, /^2\.8/);
  assert.ok(statSync(path.join(data.folder, "ironlog.db")).isFile());
});

test("the data directory and what is in it are the owner's alone", async () => {
  using parent = freshFolder();
  const data = path.join(parent.folder, "a", "b");
  await using server = serve(["--data", data]);
  await server.until(/ready at/);
  assert.equal(statSync(data).mode & 0o077, 0);
  assert.equal(statSync(path.join(data, "first-login")).mode & 0o777, 0o600);
  for (const file of ["ironlog.db", "ironlog.db-wal"])
    assert.equal(statSync(path.join(data, file)).mode & 0o077, 0, file);
});

test("first-login is named on stdout, and nothing secret is", async () => {
  await using server = await startServerProcess({ kind: "sqlite" });
  const { stdout } = server.process;
  assert.ok(stdout.includes(path.join(server.data, "first-login")), stdout);
  assert.ok(!stdout.includes(server.firstLogin.password));
  assert.ok(!stdout.includes(server.firstLogin.apiKey.split(":")[2] ?? ""));
});

forEachKind((kind) => {
  test(`a second start makes no second administrator (${kind})`, async () => {
    await using server = await startServerProcess({ kind });
    await server.stop();
    await server.start();
    const users = (await admin(server).native.ask("GET", "users")).json<{ items: readonly unknown[] }>();
    assert.equal(users.items.length, 1);
    const created = await allEvents(admin(server).native, { action: "user.create" });
    assert.equal(created.length, 1);
  });

  test(`first-login goes at admin's first password change, by whomever, not at another's (${kind})`, async () => {
    await using server = await startServerProcess({ kind });
    const file = path.join(server.data, "first-login");
    const person = await makePerson(server, { isAdministrator: true });
    const own = { old_password: person.password, new_password: "a new password" };
    await person.native.ask("PUT", "account/password", own);
    assert.ok(existsSync(file));
    const wrong = { old_password: "a wrong password", new_password: "a new password" };
    assert.equal((await admin(server).native.ask("PUT", "account/password", wrong)).status, 400);
    assert.ok(existsSync(file));
    const reset = await person.maas.put("users/admin/", [["last_name", "no password"]]);
    assert.equal(reset.status, 200);
    assert.ok(existsSync(file));
    await person.native.ask("PUT", "users/admin/password", { new_password: "a new password" });
    assert.ok(!existsSync(file));
  });

  test(`A2: starts and stops are recorded (${kind})`, async () => {
    await using server = await startServerProcess({ kind });
    await server.stop();
    await server.start();
    const events = (await allEvents(admin(server).native, { type: "SETTINGS" })).toReversed();
    assert.deepEqual(
      events.map(({ action }) => action),
      ["schema.migrate", "log.key.create", "server.start", "server.stop", "server.start"],
    );
    for (const { level, username, user_id, outcome, description, details } of events) {
      assert.deepEqual(
        { level, username, user_id, outcome },
        { level: "AUDIT", username: null, user_id: null, outcome: "success" },
      );
      assert.match(description ?? "", /^[A-Z].*\.$/, "one plain sentence");
      assert.ok(details !== null);
    }
  });
});

test("several servers that start at once on an empty PostgreSQL make one administrator, whom one of them shows", async () => {
  await using fresh = await freshLocation("postgres");
  assert.equal(fresh.location.kind, "postgres");
  using folder = freshFolder();
  const folders = ["a", "b", "c"].map((name) => path.join(folder.folder, name));
  const database = ["--database", fresh.location.url];
  await using stack = new AsyncDisposableStack();
  const servers = folders.map((data) =>
    stack.use(serve(["--data", data, "--append-key", path.join(folder.folder, "append.key"), ...database])),
  );
  const urls = await Promise.all(servers.map(readyAt));
  const shown = folders.map(readFirstLogin).filter(({ text }) => text !== "");
  assert.equal(shown.length, 1);
  for (const url of urls) {
    const { items } = (await bearer({ url }, shown[0]?.apiKey ?? "").ask("GET", "users")).json<{
      items: readonly unknown[];
    }>();
    assert.equal(items.length, 1);
  }
  const events = await allEvents(bearer({ url: urls[0] ?? "" }, shown[0]?.apiKey ?? ""));
  const count = (wanted: string): number => events.filter(({ action }) => action === wanted).length;
  assert.deepEqual([count("schema.migrate"), count("server.start"), count("user.create")], [1, 3, 1]);
});

test("without --data it is $STATE_DIRECTORY, else $XDG_STATE_HOME/ironlog, for the server and local commands", async () => {
  using folder = freshFolder();
  using shell = openShell();
  const [state, xdg] = [path.join(folder.folder, "state"), path.join(folder.folder, "xdg")];
  for (const [env, data] of [
    [{ STATE_DIRECTORY: state, XDG_STATE_HOME: xdg }, state],
    [{ XDG_STATE_HOME: xdg }, path.join(xdg, "ironlog")],
  ] as const) {
    await using server = serve([], env);
    await readyAt(server);
    const { apiKey } = readFirstLogin(data);
    assert.ok(apiKey !== "", data);
    const keys = await shell.ironlog(["apikey", "--username", "admin"], { env });
    assert.equal(keys.stdout, `${apiKey.replace(/[^:]+$/, "********")}\n`, keys.stderr);
  }
});
