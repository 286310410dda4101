import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ironlogFile, openShell, type Ran, type Shell } from "../../support/processes/command.ts";
import { freshFolder } from "../../support/databases/databases.ts";
import { forEachKind } from "../../support/each-kind.ts";
import { allEvents, type NativeEvent } from "../../support/clients/native-client.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { lastId, powerFailure, report } from "../../support/reports.ts";
import { startProcess } from "../../support/processes/program.ts";
import { sharedServers, startServer, type TestServer } from "../../support/server.ts";

// `ironlog events export`, beside a running server and without one.

const serverOf = sharedServers();

function run(shell: Shell, server: TestServer, ...args: readonly string[]): Promise<Ran> {
  return shell.ironlog(["events", "export", ...args, ...server.databaseArgs]);
}

const idsIn = (text: string): readonly number[] =>
  text
    .split("\n")
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as NativeEvent).id);

forEachKind((kind) => {
  test(`what is wrong is said in one line, and nothing is recorded or written (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native } = admin(server);
    using shell = openShell();
    using folder = freshFolder();
    const file = path.join(folder.folder, "events.csv");
    const before = await lastId(native);
    for (const [args, status, says] of [
      [["colour=red"], 1, /colour.*no such field/],
      [["outcome=perhaps"], 1, /success, failure/],
      [["exclude=colour:red"], 1, /colour:red/],
      [["owner"], 2, /FILTER=VALUE/],
      [["--format", "xml"], 2, /csv, jsonl/],
      [["--order", "random"], 2, /newest, oldest/],
      [["--verbose"], 1, /verbose/],
      [["-o", path.join(folder.folder, "nosuch", "events.csv")], 1, /nosuch/],
      [["-o", folder.folder], 1, /no ordinary file/],
    ] as const) {
      const given = args.includes("-o" as never) ? args : [...args, "-o", file];
      const refused = await run(shell, server, ...given);
      assert.equal(refused.code, status, `${args.join(" ")}: ${refused.stderr}`);
      assert.match(refused.stderr, says);
      assert.equal(refused.stderr.trim().split("\n").length, 1, refused.stderr);
      assert.equal(refused.stdout, "");
    }
    assert.deepEqual(readdirSync(folder.folder), []);
    assert.equal(await lastId(native), before);
    const elsewhere = await shell.ironlog(["events", "export", "--data", path.join(folder.folder, "none")]);
    assert.equal(elsewhere.code, 1);
    assert.match(elsewhere.stderr, /--data/);
  });

  test(`a file is whole, its owner's alone, and what the API gives; the export is recorded as CLI (${kind})`, async () => {
    const server = await serverOf(kind);
    const { native } = admin(server);
    using shell = openShell();
    using folder = freshFolder();
    await makePerson(server);
    for (const format of ["csv", "jsonl"]) {
      const file = path.join(folder.folder, `events.${format}`);
      writeFileSync(file, "an older export");
      const words = ["owner=admin", "action=user.*", "exclude=outcome:failure"];
      const done = await run(shell, server, ...words, "-o", file);
      assert.equal(done.code, 0, done.stderr);
      assert.equal(done.stdout, "");
      assert.equal(statSync(file).mode & 0o777, 0o600);
      const query = `format=${format}&${words.join("&")}`;
      assert.equal(readFileSync(file, "utf8"), (await native.ask("GET", `events/export?${query}`)).text);
      assert.deepEqual(
        readdirSync(folder.folder).filter((name) => name.includes("part")),
        [],
      );
      const [, event] = await allEvents(native, { action: "log.export" });
      assert.ok(event !== undefined);
      assert.deepEqual([event.endpoint, event.username, event.user_id, event.ip], ["CLI", null, null, null]);
      assert.deepEqual(event.details, {
        format,
        order: "newest",
        filter: { owner: ["admin"], action: ["user.*"], exclude: ["outcome:failure"] },
        up_to_id: event.id - 1,
        count: (await allEvents(native, { owner: "admin", action: "user.*", exclude: "outcome:failure" })).length,
        os_user: os.userInfo().username,
      });
    }
  });

  test(`to standard output it needs no file, and no server (${kind})`, async () => {
    await using server = await startServer({ kind });
    using shell = openShell();
    const running = await run(shell, server, "--format", "jsonl", "--order", "oldest");
    assert.equal(running.code, 0, running.stderr);
    const ids = idsIn(running.stdout);
    assert.deepEqual(
      ids,
      Array.from({ length: ids.length }, (_, at) => at + 1),
    );
    await server.stop();
    const stopped = await run(shell, server, "--format=jsonl", "-o-", "level=AUDIT");
    assert.equal(stopped.code, 0, stopped.stderr);
    // The first export, and the stop.
    assert.equal(idsIn(stopped.stdout).length, ids.length + 2);
  });

  test(`interrupted, it leaves nothing behind (${kind})`, async () => {
    await using server = await startServer({ kind });
    const { native } = admin(server);
    using shell = openShell();
    using folder = freshFolder();
    const file = path.join(folder.folder, "events.jsonl");
    const batch = Array.from({ length: 1000 }, () => ({ ...powerFailure, description: "x".repeat(3000) }));
    for (let made = 0; made < 10; made += 1) await report(native, batch);
    const args = ["events", "export", "--format", "jsonl", "-o", file, ...server.databaseArgs];
    await using process = startProcess({ command: ironlogFile, args, env: shell.env });
    const isBegun = () =>
      readdirSync(folder.folder).some(
        (name) => name.endsWith(".part") && statSync(path.join(folder.folder, name)).size > 0,
      );
    while (!isBegun() && !process.hasEnded) await sleep(2);
    process.signal("SIGINT");
    assert.equal((await process.ended).code, 1, process.stderr);
    assert.match(process.stderr, /^Interrupted/);
    assert.deepEqual(readdirSync(folder.folder), []);
  });
});

test("a profile that is called events is still one, and its commands still go to its server", async () => {
  const server = await serverOf("sqlite");
  using shell = openShell();
  const bare = await shell.ironlog(["events"]);
  assert.equal(bare.code, 2);
  assert.match(bare.stderr, /use ironlog events export\./);
  const made = await shell.ironlog(["login", "events", `${server.url}/MAAS/`, server.firstLogin.apiKey]);
  assert.equal(made.code, 0, made.stderr);
  const asked = await shell.ironlog(["events", "events", "query", "level=AUDIT", "limit=1"]);
  assert.equal(asked.code, 0, asked.stderr);
  assert.equal((JSON.parse(asked.stdout) as { count: number }).count, 1);
  const help = await shell.ironlog(["events", "export", "--help"]);
  assert.match(help.stdout, /^Usage: ironlog events export/);
  assert.match((await shell.ironlog(["--help"])).stdout, /^ {2}events export {2,}\S/m);
});
