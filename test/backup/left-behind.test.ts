import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import path from "node:path";
import { test } from "node:test";
import { machineActor } from "../../src/audit/actor.ts";
import { refuseOperation } from "../../src/audit/machine-actions.ts";
import { perform } from "../../src/audit/perform.ts";
import { openDatabase } from "../../src/database/opening.ts";
import { schemaSteps } from "../../src/database/migrate.ts";
import { moveLog } from "../../src/backup/actions.ts";
import { readCopy } from "../../src/backup/copy-reader.ts";
import { tablesOfAll } from "../../src/slices.ts";
import { openShell } from "../support/processes/command.ts";
import { freshFolder, kinds } from "../support/databases/databases.ts";
import { send } from "../support/clients/http-client.ts";
import { allEvents, bearer } from "../support/clients/native-client.ts";
import { admin } from "../support/worlds/people.ts";
import { locationOf, readyAt, serve, startServer, startServerProcess } from "../support/server.ts";
import { until } from "../support/until.ts";
import { unusedDatabase, readAll, succeed, takeKeyAlong } from "./filled.ts";

/** Asks again until the answer matches. */
async function untilAnswered(url: string, where: string, pattern: RegExp, apiKey?: string): Promise<string> {
  const ask = apiKey === undefined ? {} : { headers: { authorization: `Bearer ${apiKey}` } };
  let text = "";
  await until(async () => pattern.test(({ text } = await send(url, where, ask)).text));
  return text;
}

test("a server on a log that was moved away shows it, refuses every change, doesn't sign and stops in peace", async () => {
  await using server = await startServerProcess({ kind: "postgres" });
  using folder = freshFolder();
  using shell = openShell();
  const root = admin(server);
  const database = server.databaseArgs.slice(server.databaseArgs.indexOf("--database"));
  const keyFile = path.join(server.data, "log.key");
  const file = path.join(folder.folder, "copy.gz");
  const elsewhere = ["--data", path.join(folder.folder, "data"), "--log-key", keyFile, ...database];
  elsewhere.push("--append-key", path.join(server.data, "append.key"));
  await succeed(shell, ["log", "export", file, ...elsewhere]);
  const events = await allEvents(root.native);
  assert.equal(events[0]?.action, "log.move");
  for (const write of [
    () => root.native.ask("POST", "account/tokens", { name: "late" }),
    () => root.native.ask("PATCH", "account", { last_name: "late" }),
    () => root.native.ask("POST", "events", { type: "NODE_POWER_FAILURE", action: "x", description: "late" }),
    () => root.maas.post("account/?op=create_authorisation_token"),
    () => root.native.ask("DELETE", "users/nobody"),
  ]) {
    const answer = await write();
    assert.equal(answer.status, 503, answer.text);
    assert.match(String(answer.headers["retry-after"]), /^\d+$/);
    assert.match(answer.text, /was moved/);
  }
  for (const where of ["events", "account", "log", "account/tokens", `events/${events[0].id}/proof`]) {
    assert.equal((await root.native.ask("GET", where)).status, 200, where);
  }
  assert.equal((await send(server.url, "/log/checkpoint")).text.split("\n")[1], String(events[0].id));
  const { apiKey } = server.firstLogin;
  assert.match(await untilAnswered(server.url, "/readyz", /^signing: NO/m, apiKey), /was moved/);
  for (const args of [
    ["backup", path.join(folder.folder, "backup.gz")],
    ["createadmin", "--username", "late", "--email", "late@example.com"],
    ["log", "renew-identity"],
  ]) {
    const ran = await shell.ironlog([...args, ...elsewhere], { input: "a password 1\n" });
    assert.ok(ran.code !== 0, args.join(" "));
    assert.match(ran.stderr, /was moved/, args.join(" "));
  }
  assert.deepEqual(
    readdirSync(folder.folder).filter((name) => name === "backup.gz"),
    [],
  );
  assert.deepEqual(await allEvents(root.native), events, "nothing was recorded");
  assert.equal((await server.stop()).code, 0);
  assert.ok(existsSync(keyFile));
  await succeed(shell, ["log", "verify", ...server.databaseArgs]);
});

for (const kind of kinds) {
  test(`no server starts on a log that was moved away, and the copy can be made again (${kind})`, async () => {
    await using server = await startServer({ kind });
    using folder = freshFolder();
    using shell = openShell();
    await server.stop();
    const [one, two] = [path.join(folder.folder, "1.gz"), path.join(folder.folder, "2.gz")];
    await succeed(shell, ["log", "export", one, ...server.databaseArgs]);
    const left = await readAll(locationOf(server));
    // A port in use would be the reason if it tried to listen.
    await using taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    const again = await shell.ironlog(["serve", "--port", String(port), ...server.databaseArgs]);
    assert.equal(again.code, 78);
    assert.match(again.stderr, /^ironlog serve: .*was moved/m);
    await succeed(shell, ["log", "export", two, ...server.databaseArgs]);
    assert.deepEqual(await readAll(locationOf(server)), left);
    await using target = await unusedDatabase(kind);
    takeKeyAlong(server.data, target.data);
    await succeed(shell, ["log", "import", two, ...target.args]);
    await succeed(shell, ["log", "verify", ...target.args]);
  });

  test(`a log that was moved before an upgrade can still be copied, and arrives whole (${kind})`, async () => {
    await using source = await unusedDatabase(kind);
    await using target = await unusedDatabase(kind);
    using folder = freshFolder();
    using shell = openShell();
    const file = path.join(folder.folder, "copy.gz");
    {
      await using open = await openDatabase(source.location);
      await perform(open.db, machineActor("tester"), refuseOperation, { operation: "x", path: "/" });
      await perform(open.db, machineActor("tester"), moveLog, { file: "lost", now: 1 });
    }
    const left = await readAll(source.location);
    await succeed(shell, ["migrate", ...source.args]);
    await succeed(shell, ["log", "export", file, ...source.args]);
    assert.deepEqual(await readAll(source.location), left);
    await succeed(shell, ["log", "import", file, ...target.args]);
    await succeed(shell, ["migrate", ...target.args]);
    const events = (await readAll(target.location)).event.map(({ action, details }) => [action, details]);
    assert.deepEqual(
      events.map(([action]) => action),
      ["operation.refuse", "log.move", "log.import", "schema.migrate"],
    );
    assert.match(String(events[3]?.[1]), new RegExp(`"steps":\\["${schemaSteps.at(-1)}"\\]`));
    await succeed(shell, ["log", "verify", ...target.args]);
  });

  test(`a log that has never served can be moved, and gets its key where it goes (${kind})`, async () => {
    await using source = await unusedDatabase(kind);
    await using target = await unusedDatabase(kind);
    using folder = freshFolder();
    using shell = openShell();
    const file = path.join(folder.folder, "copy.gz");
    const made = ["createadmin", "--username", "ann", "--email", "ann@example.com", ...source.args];
    assert.equal((await shell.ironlog(made, { input: "a password 1\n" })).code, 0);
    await succeed(shell, ["log", "export", file, ...source.args]);
    assert.equal(existsSync(path.join(source.data, "log.key")), false);
    await succeed(shell, ["log", "import", file, ...target.args]);
    await using process = serve(target.args);
    await untilAnswered(await readyAt(process), "/readyz", /^signing: yes/m);
  });

  test(`a log whose arrival can't be recorded isn't loaded at all (${kind})`, async () => {
    await using server = await startServer({ kind });
    using folder = freshFolder();
    using shell = openShell();
    const [backup, moved] = [path.join(folder.folder, "backup.gz"), path.join(folder.folder, "moved.gz")];
    await succeed(shell, ["backup", backup, ...server.databaseArgs]);
    await server.stop();
    await succeed(shell, ["log", "export", moved, ...server.databaseArgs]);
    for (const [arrive, file, arrival] of [
      [["restore"], backup, "log.restore"],
      [["log", "import"], moved, "log.import"],
    ] as const) {
      await using target = await unusedDatabase(kind);
      takeKeyAlong(server.data, target.data);
      await (await openDatabase(target.location))[Symbol.asyncDispose]();
      const before = await readAll(target.location);
      // No user of an operating system is called so: their arrival can't be an event.
      const machine = machineActor("\ud800");
      const copy = { location: target.location, file, tables: await tablesOfAll(), kept: [], machine };
      await assert.rejects(readCopy({ ...copy, kind: arrival === "log.import" ? "move" : "backup" }), /well-formed/);
      assert.deepEqual(await readAll(target.location), before);
      await succeed(shell, [...arrive, file, ...target.args]);
      const again = await shell.ironlog([...arrive, file, ...target.args]);
      assert.match(again.stderr, /served already/);
      const { event } = await readAll(target.location);
      assert.equal(event.at(-1)?.["action"], arrival);
    }
  });

  test(`a backup that was restored beside its old key isn't signed, until the log has a new name (${kind})`, async () => {
    await using server = await startServer({ kind });
    await using target = await unusedDatabase(kind);
    using folder = freshFolder();
    using shell = openShell();
    const file = path.join(folder.folder, "backup.gz");
    await succeed(shell, ["backup", file, ...server.databaseArgs]);
    for (let act = 0; act < 10; act += 1) {
      await admin(server).native.ask("POST", "account/tokens", { name: `after the backup ${act}` });
    }
    await server.stop();
    takeKeyAlong(server.data, target.data);
    await succeed(shell, ["restore", file, ...target.args]);
    const early = await shell.ironlog(["log", "verify", ...target.args]);
    assert.equal(early.code, 1, "what stands beside the key is not in it");
    {
      await using process = serve(target.args);
      const url = await readyAt(process);
      assert.match(await untilAnswered(url, "/readyz", /^signing: NO/m, server.firstLogin.apiKey), /renew-identity/);
      const made = await bearer({ url }, server.firstLogin.apiKey).ask("POST", "account/tokens", { name: "x" });
      assert.equal(made.status, 201, "recording goes on");
      process.signal("SIGTERM");
      assert.equal((await process.ended).code, 0);
    }
    await succeed(shell, ["log", "renew-identity", ...target.args]);
    await succeed(shell, ["log", "renew-identity", ...target.args]);
    const kept = readdirSync(target.data)
      .filter((name) => name.startsWith("log.key"))
      .sort();
    assert.ok(kept.includes("log.key.1.old") && kept.includes("log.key.2.old"), kept.join());
    assert.ok(kept.includes("log.key.checkpoint.1.old"), kept.join());
    {
      await using process = serve(target.args);
      const url = await readyAt(process);
      await untilAnswered(url, "/readyz", /^signing: yes/m);
      const made = await bearer({ url }, server.firstLogin.apiKey).ask("POST", "account/tokens", { name: "y" });
      assert.equal(made.status, 201);
      process.signal("SIGTERM");
      assert.equal((await process.ended).code, 0);
    }
    await succeed(shell, ["log", "verify", ...target.args]);
    const origins = (await readAll(target.location)).log_identity.map(({ origin }) => origin);
    assert.equal(new Set(origins).size, 3);
  });
}
