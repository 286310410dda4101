import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { openShell } from "../support/processes/command.ts";
import { freshFolder, kinds } from "../support/databases/databases.ts";
import { MaasClient } from "../support/clients/maas-client.ts";
import { allEvents, bearer } from "../support/clients/native-client.ts";
import { makePerson, newApiKey } from "../support/worlds/people.ts";
import { locationOf, readyAt, serve, startServer } from "../support/server.ts";
import { type AllRows, fill, unusedDatabase, newestUserId, readAll, succeed, takeKeyAlong } from "./filled.ts";

const ways = [
  { leave: ["log", "export"], arrive: ["log", "import"], arrived: "log.import" },
  { leave: ["backup"], arrive: ["restore"], arrived: "log.restore" },
] as const;

/** Fails unless the target is the source, with the one event of its arrival behind it. */
function assertSame(source: AllRows, target: AllRows, arrived: string): void {
  const last = source.event.length;
  assert.ok(last > 256, "so many that the tree has a node");
  assert.deepEqual(
    target.event.slice(last).map(({ action }) => action),
    [arrived],
  );
  for (const [table, rows] of Object.entries(source)) {
    if (table === "log_move" || table === "log_head") continue;
    const copied = target[table as keyof AllRows];
    if (table === "row_mac") assert.deepEqual(copied.map(withoutCode), rows.map(withoutCode), table);
    else assert.deepEqual(table === "event" ? copied.slice(0, last) : copied, rows, table);
  }
  assert.deepEqual(target.log_move, []);
  assert.equal(target.log_head[0]?.["last_event_id"], last + 1);
}

/** Each place has its own append key. */
function withoutCode({ mac, key_id, ...row }: Readonly<Record<string, unknown>>) {
  assert.ok(mac !== null && key_id !== null);
  return row;
}

for (const from of kinds) {
  for (const to of kinds) {
    for (const { leave, arrive, arrived } of ways) {
      test(`${leave.join(" ")} and ${arrive.join(" ")} take everything along, and the log goes on (${from} to ${to})`, async () => {
        await using server = await startServer({ kind: from });
        await using target = await unusedDatabase(to);
        using folder = freshFolder();
        using shell = openShell();
        const { person, deletedId } = await fill(server);
        await server.stop();
        // As a worker that follows the log leaves it.
        await server.meddle(`insert into worker_cursor (worker, event_id, leaf_hash, moved)
          select 'a consumer', id, leaf_hash, created from event where id = 200`);
        const file = path.join(folder.folder, "copy.gz");
        await succeed(shell, [...leave, file, ...server.databaseArgs]);
        assert.equal(statSync(file).mode & 0o777, 0o600);
        takeKeyAlong(server.data, target.data);
        await succeed(shell, [...arrive, file, ...target.args]);
        const source = await readAll(locationOf(server));
        assertSame(source, await readAll(target.location), arrived);
        const following = await target.meddle(`select worker from worker_cursor
          join event on event.id = event_id and event.leaf_hash = worker_cursor.leaf_hash where worker = 'a consumer'`);
        assert.deepEqual(
          following.map(({ worker }) => worker),
          ["a consumer"],
          "its cursor still names an event of this log",
        );
        await succeed(shell, ["log", "verify", ...target.args]);

        await using process = serve(target.args);
        const place = { url: await readyAt(process) };
        assert.ok(!existsSync(path.join(target.data, "first-login")), "it has its administrator already");
        const root = bearer(place, server.firstLogin.apiKey);
        const events = await allEvents(root);
        assert.deepEqual(
          events.map(({ id }) => id),
          events.map((_, at) => events.length - at),
          "ids go on without a gap",
        );
        assert.ok(events.length > source.event.length + 1);
        assert.equal((await bearer(place, person.apiKey).ask("GET", "account")).status, 200);
        await newApiKey(place, person);
        await makePerson({ ...server, url: place.url }, {}, new MaasClient(place, server.firstLogin.apiKey));
        const id = await newestUserId(root);
        assert.ok(id > deletedId, `user ${id} isn't the deleted one`);
        process.signal("SIGTERM");
        assert.equal((await process.ended).code, 0);
        await succeed(shell, ["log", "verify", ...target.args]);
        const [after] = await target.meddle("select max(id) as id from checkpoint");
        assert.ok(Number(after?.["id"]) >= source.checkpoint.length);
      });
    }
  }

  test(`what can't be copied is refused, and nothing is recorded or moved by it (${from})`, async () => {
    await using server = await startServer({ kind: from });
    await using other = await startServer({ kind: from });
    await using empty = await unusedDatabase(from);
    using folder = freshFolder();
    using shell = openShell();
    await server.stop();
    await other.stop();
    const at = (name: string): string => path.join(folder.folder, name);
    writeFileSync(at("taken"), "mine");
    writeFileSync(at("text"), "no copy\n");
    const before = await readAll(locationOf(server));
    for (const leave of [["log", "export"], ["backup"]]) {
      for (const file of [at("taken"), at("nowhere/copy.gz")]) {
        await refused(() => shell.ironlog([...leave, file, ...server.databaseArgs]), leave.join(" "));
      }
    }
    assert.deepEqual(await readAll(locationOf(server)), before);
    await succeed(shell, ["backup", at("backup.gz"), ...server.databaseArgs]);
    await succeed(shell, ["log", "export", at("export.gz"), ...server.databaseArgs]);
    const otherBefore = await readAll(locationOf(other));
    for (const [arrive, file, args] of [
      [["restore"], "backup.gz", other.databaseArgs],
      [["log", "import"], "export.gz", other.databaseArgs],
      [["log", "import"], "backup.gz", empty.args],
      [["restore"], "export.gz", empty.args],
      [["restore"], "text", empty.args],
      [["log", "import"], "missing", empty.args],
    ] as const) {
      await refused(() => shell.ironlog([...arrive, at(file), ...args]), `${arrive.join(" ")} ${file}`);
    }
    assert.deepEqual(await readAll(locationOf(other)), otherBefore);
    assert.deepEqual(readdirSync(folder.folder).sort(), ["backup.gz", "export.gz", "taken", "text"]);
    await succeed(shell, ["restore", at("backup.gz"), ...empty.args]);
  });
}

async function refused(
  runs: () => Promise<{ readonly code: number | null; readonly stderr: string }>,
  what: string,
): Promise<void> {
  const { code, stderr } = await runs();
  assert.equal(code, 1, `${what}: ${stderr}`);
  assert.match(stderr, /^ironlog (?:backup|restore|log export|log import): .+\n$/);
}
