import assert from "node:assert/strict";
import { copyFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { allEvents } from "../support/clients/native-client.ts";
import { freshFolder, kinds } from "../support/databases/databases.ts";
import { openShell, type Ran } from "../support/processes/command.ts";
import {
  refusedStart,
  startSecondServer,
  startServer,
  startServerProcess,
  type TestServer,
} from "../support/server.ts";
import { appendBySql } from "./append-by-sql.ts";
import { admin, makePerson } from "../support/worlds/people.ts";

// Nobody adds an event with SQL alone, nor shows an older log unnoticed.

/** What an adversary with the database password writes: an event, and a head that fits it but for the key's code. */
const forgeries: Readonly<Record<string, string>> = {
  "another time": "update log_head set last_created = last_created + 1",
  "another code": "update log_head set mac = leaf_hash from event where event.id = log_head.last_event_id",
  "no code": "update log_head set mac = null",
};

async function log(server: TestServer, ...args: readonly string[]): Promise<Ran> {
  using shell = openShell();
  return shell.ironlog(["log", ...args, ...server.databaseArgs]);
}

for (const kind of kinds) {
  for (const [name, statement] of Object.entries(forgeries)) {
    test(`behind a forged head with ${name} nothing is appended until an operator has accepted it (${kind})`, async () => {
      await using server = await startServer({ kind });
      const root = admin(server);
      await server.meddle(statement);
      const answer = await root.native.ask("POST", "account/tokens", {});
      assert.equal(answer.status, 503, answer.text);
      assert.equal(answer.json<{ code: string }>().code, "forged_head");
      assert.equal((await root.native.ask("GET", "events")).status, 200, "reading goes on");
      await server.stop();
      const verified = await log(server, "verify");
      assert.equal(verified.code, 1, verified.stdout);
      assert.match(verified.stdout, /log_head was not left by anybody who has the log's append key/);
    });
  }

  test(`a head is accepted once the whole log is right, and every verification tells of it (${kind})`, async () => {
    await using server = await startServer({ kind });
    const size = (await allEvents(admin(server).native))[0]?.id ?? 0;
    await server.stop();
    assert.match((await log(server, "accept-head", "--reason", "why not")).stderr, /there is nothing to accept/);
    await server.meddle("update log_head set mac = null");
    assert.match((await log(server, "accept-head")).stderr, /--reason/);
    const accepted = await log(server, "accept-head", "--reason", "Restored after the disk failed");
    assert.equal(accepted.code, 0, accepted.stderr);
    const verified = await log(server, "verify", "--json");
    assert.equal(verified.code, 0, verified.stdout);
    const [range] = JSON.parse(verified.stdout).accepted as readonly { to: number; reason: string }[];
    assert.ok((range?.to ?? 0) >= size);
    assert.equal(range?.reason, "Restored after the disk failed");
    assert.match((await log(server, "verify")).stdout, /Restored after the disk failed/);
    await server.start();
    const [event] = await allEvents(admin(server).native, { action: "log.append.accept" });
    assert.equal(event?.description, `Accepted the head at event ${range?.to}: Restored after the disk failed.`);
  });

  test(`a damaged log's head is not accepted (${kind})`, async () => {
    await using server = await startServer({ kind });
    await server.stop();
    await server.meddle("update log_head set mac = null, last_created = last_created + 1");
    const refused = await log(server, "accept-head", "--reason", "it is fine");
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /the log is not what was recorded .*: nothing was accepted/);
  });

  test(`the append key is its owner's alone, made before the first event, and never again (${kind})`, async () => {
    await using server = await startServer({ kind });
    const file = path.join(server.data, "append.key");
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.match(readFileSync(file, "utf8"), /^# .*\n[0-9a-f]{16} [A-Za-z0-9+/]{43}=\n$/);
    await server.stop();
    rmSync(file);
    assert.match(await refusedStart(server.databaseArgs), /append\.key is not there, and the log has events/);
    assert.ok(!existsSync(file));
  });

  test(`with the append key and SQL an event is appended that nothing inside tells from others (${kind})`, async () => {
    await using server = await startServer({ kind });
    await server.stop();
    await appendBySql(server, { appendKeyFile: path.join(server.data, "append.key") });
    const verified = await log(server, "verify");
    assert.equal(verified.code, 0, verified.stdout);
    await server.start();
    const events = await allEvents(admin(server).native, { action: "user.permission.change" });
    assert.equal(events.length, 1, "it is shown as any other");
  });

  test(`an append key is changed by an event, and heads bear the new one (${kind})`, async () => {
    await using server = await startServer({ kind });
    await server.stop();
    const made = await log(server, "append-key", "new");
    const id = made.stdout.trim();
    assert.match(id, /^[0-9a-f]{16}$/);
    assert.match((await log(server, "append-key", "use", "0000000000000000")).stderr, /has no key '0{16}': it has .*,/);
    assert.equal((await log(server, "append-key", "use", id)).code, 0);
    assert.match((await log(server, "append-key", "use", id)).stderr, /already/);
    assert.equal((await log(server, "verify")).code, 0);
    await server.start();
    const [event] = await allEvents(admin(server).native, { action: "log.append.key.use" });
    assert.equal(event?.description, `Append key '${id}' is in use.`);
    const [head] = await server.meddle("select key_id from log_head");
    assert.equal(head?.["key_id"], id);
  });
}

test("of two servers on one PostgreSQL the one with no append key, or another, refuses; the other goes on", async () => {
  await using server = await startServer({ kind: "postgres" });
  const database = server.databaseArgs.slice(server.databaseArgs.indexOf("--database"));
  using none = freshFolder();
  assert.match(
    await refusedStart(["--data", none.folder, ...database]),
    /append\.key is not there, and the log has events/,
  );
  using other = freshFolder();
  const wrong = `0123456789abcdef ${Buffer.alloc(32, 7).toString("base64")}\n`;
  writeFileSync(path.join(other.folder, "append.key"), wrong, { mode: 0o600 });
  const refused = await refusedStart(["--data", other.folder, ...database]);
  assert.match(refused, /does not hold the key '[0-9a-f]{16}' that the log was last appended to with/);
  assert.doesNotMatch(refused, /BwcHBwcH/);
  await makePerson(server);
  await using second = await startSecondServer(server);
  assert.equal((await admin({ ...server, url: second.url }).native.ask("POST", "account/tokens", {})).status, 201);
});

test("append keys go from one server to another through a pipe, once", async () => {
  await using server = await startServer({ kind: "postgres" });
  using other = freshFolder();
  using shell = openShell();
  const shown = await log(server, "append-key", "show");
  const database = server.databaseArgs.slice(server.databaseArgs.indexOf("--database"));
  const add = (input: string) =>
    shell.ironlog(["log", "append-key", "add", "-", "--data", other.folder, ...database], { input });
  assert.match(
    (await add("rubbish\n")).stderr,
    /no file of append keys \(line 1 is no append key\): nothing was added/,
  );
  assert.match((await add("")).stderr, /held no append key/);
  assert.match((await add(shown.stdout)).stdout, /^Added 1 of 1 keys/);
  assert.match((await add(shown.stdout)).stdout, /^Added 0 of 1 keys/);
  assert.equal(readFileSync(path.join(other.folder, "append.key"), "utf8"), shown.stdout);
});

test("a log that was set back whole is seen by what its server has seen", async () => {
  await using server = await startServerProcess({ kind: "sqlite" });
  await server.stop();
  const file = path.join(server.data, "ironlog.db");
  const kept = `${file}.kept`;
  copyFileSync(file, kept);
  await server.start();
  await makePerson(server);
  await server.stop();
  copyFileSync(kept, file);
  const verified = await log(server, "verify");
  assert.equal(verified.code, 1);
  assert.match(verified.stdout, /this server has seen \d+ events, and the log has \d+/);
  const accepted = await log(server, "accept-head", "--reason", "an exercise");
  assert.equal(accepted.code, 0, accepted.stderr);
  assert.equal((await log(server, "renew-identity")).code, 0);
  const right = await log(server, "verify");
  assert.equal(right.code, 0, right.stdout);
  await server.start();
});
