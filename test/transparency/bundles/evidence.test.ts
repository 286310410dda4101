import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { allEvents, type NativeEvent } from "../../support/clients/native-client.ts";
import { send } from "../../support/clients/http-client.ts";
import { freshFolder } from "../../support/databases/databases.ts";
import { openShell } from "../../support/processes/command.ts";
import { powerFailure, report } from "../../support/reports.ts";
import { sharedServers, startServer, type TestServer } from "../../support/server.ts";
import { admin, makePerson, type Person } from "../../support/worlds/people.ts";
import { argsOf } from "./made-bundle.ts";
import { makeSignedLog } from "../signed-log.ts";

// A bundle of evidence as a server gives it, checked by those who have nothing else: GET /api/v1/events/evidence.

const serverOf = sharedServers();

/** The archive that somebody is given, in a file. */
async function download(server: TestServer, apiKey: string, query: string, file: string): Promise<void> {
  const headers = { authorization: `Bearer ${apiKey}` };
  const answer = await send(server.url, `/api/v1/events/evidence?${query}`, { headers });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.type, "application/x-tar");
  assert.match(answer.headers["content-disposition"] ?? "", /^attachment; filename="ironlog-events-[\dTZ-]+\.tar"$/);
  writeFileSync(file, answer.body);
}

async function keyOf({ native }: Pick<Person, "native">): Promise<string> {
  return (await native.ask("GET", "log")).json<{ readonly log_key: string }>().log_key;
}

/** What a usual tar makes of it. */
function unpacked(archive: string, into: string): string {
  execFileSync("tar", ["-xf", archive, "-C", into]);
  const [folder = ""] = execFileSync("tar", ["-tf", archive], { encoding: "utf8" }).split("/");
  return path.join(into, folder);
}

function eventsIn(folder: string): readonly NativeEvent[] {
  const text = readFileSync(path.join(folder, "events.ndjson"), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as NativeEvent);
}

forEachKind((kind) => {
  test(`the archive holds what the filter finds, is recorded, and holds offline, packed and unpacked (${kind})`, async () => {
    const server = await serverOf(kind);
    using shell = openShell();
    using outer = freshFolder();
    const root = admin(server);
    const person = await makePerson(server);
    // More than a page, and more than one tile of leaves.
    const batch = Array.from({ length: 300 }, (_, at) => ({ ...powerFailure, description: `Ünit ${at}` }));
    await report(root.native, batch);
    const archive = path.join(outer.folder, "evidence.tar");
    for (const query of [`owner=${person.username}`, "action=node.power", "owner=nobody-of-this-name"]) {
      await download(server, root.apiKey, query, archive);
      const checked = await shell.ironlog(["log", "check-bundle", archive, "--key", await keyOf(root)]);
      assert.equal(checked.code, 0, checked.stdout + checked.stderr);
      const folder = unpacked(archive, outer.folder);
      const again = await shell.ironlog(["log", "check-bundle", folder, "--key", await keyOf(root)]);
      assert.equal(again.code, 0, again.stdout + again.stderr);
      const [exported] = await allEvents(root.native, { action: "log.export" });
      assert.ok(exported !== undefined);
      const { format, order, up_to_id } = exported.details as Readonly<Record<string, unknown>>;
      assert.deepEqual([format, order], ["bundle", "oldest"]);
      const [name = "", value = ""] = query.split("=");
      const wanted = await allEvents(root.native, { [name]: value, before: String(Number(up_to_id) + 1) });
      assert.deepEqual(eventsIn(folder), wanted.toReversed());
      assert.match(
        readFileSync(path.join(folder, "README"), "utf8"),
        new RegExp(`: ${wanted.length} events.*${query}`, "s"),
      );
      execFileSync("rm", ["-r", folder]);
    }
  });

  test(`an archive in which evidence was changed doesn't hold, and one that is cut short can't be read (${kind})`, async () => {
    const server = await serverOf(kind);
    using shell = openShell();
    using outer = freshFolder();
    const person = await makePerson(server);
    const key = await keyOf(person);
    const archive = path.join(outer.folder, "evidence.tar");
    await download(server, person.apiKey, "action=token.*", archive);
    const bytes = readFileSync(archive);
    const check = async (content: Buffer): Promise<number | null> => {
      writeFileSync(archive, content);
      return (await shell.ironlog(["log", "check-bundle", archive, "--key", key])).code;
    };
    const missed: string[] = [];
    for (const mark of ['"username":"', "tlog-proof@v1", `${key.split("+")[0] ?? ""}\n`, "\nindex ", "tests"]) {
      const at = bytes.indexOf(mark) + mark.length - 1;
      assert.ok(at >= mark.length, mark);
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      if ((await check(changed)) === 0) missed.push(mark);
    }
    assert.deepEqual(missed, []);
    assert.equal(await check(bytes.subarray(0, bytes.length - 2_000)), 2, "cut short");
    assert.equal(await check(bytes), 0);
  });

  test(`everybody gets the evidence of their own events alone (${kind})`, async () => {
    const server = await serverOf(kind);
    using outer = freshFolder();
    const [ann, bob] = [await makePerson(server), await makePerson(server)];
    const archive = path.join(outer.folder, "evidence.tar");
    for (const query of ["", `owner=${bob.username}`]) {
      await download(server, ann.apiKey, query, archive);
      const folder = unpacked(archive, outer.folder);
      const owners = new Set(eventsIn(folder).map(({ username }) => username));
      assert.deepEqual([...owners], query === "" ? [ann.username] : []);
      execFileSync("rm", ["-r", folder]);
    }
  });
});

test("the command line fetches it whole or not at all, and makes the same archive on the server's machine", async () => {
  await using server = await startServer({ kind: "sqlite" });
  using shell = openShell();
  using outer = freshFolder();
  const root = admin(server);
  await shell.ironlog(["login", "prod", `${server.url}/MAAS/`, root.apiKey]);
  const [fetched, made] = [path.join(outer.folder, "fetched.tar"), path.join(outer.folder, "made.tar")];
  const ran = await shell.ironlog(["prod", "events", "evidence", "-o", fetched, "action=user.*"]);
  assert.equal(ran.code, 0, ran.stderr);
  const local = await shell.ironlog(["log", "bundle", "action=user.*", "-o", made, ...server.databaseArgs]);
  assert.equal(local.code, 0, local.stderr);
  for (const archive of [fetched, made]) {
    const checked = await shell.ironlog(["log", "check-bundle", archive, "--key", await keyOf(root)]);
    assert.equal(checked.code, 0, checked.stdout + checked.stderr);
  }
  assert.deepEqual(eventsIn(unpacked(made, outer.folder)), eventsIn(unpacked(fetched, outer.folder)));
  const refused = await shell.ironlog(["prod", "events", "evidence", "-o", `${fetched}.2`, "--output", "csv"]);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /without --output/);
});

test("an archive may have any name that the file system takes, and its folder's is short", async () => {
  await using log = await makeSignedLog("sqlite");
  using shell = openShell();
  using outer = freshFolder();
  const args = ["action=token.create", ...argsOf(log)];
  for (const name of ["x".repeat(75), "x".repeat(230), "Nachweis für Jürgen ".repeat(9), "證據".repeat(30), "-"]) {
    const archive = path.join(outer.folder, `${name}.tar`);
    const made = await shell.ironlog(["log", "bundle", ...args, "-o", archive]);
    assert.equal(made.code, 0, `${name}: ${made.stderr}`);
    const [key = ""] = log.verifierKeys;
    const checked = await shell.ironlog(["log", "check-bundle", archive, "--key", key]);
    assert.equal(checked.code, 0, checked.stdout + checked.stderr);
    assert.match(path.basename(unpacked(archive, outer.folder)), /^ironlog-events-[\dTZ-]+$/);
  }
});

test("the README says on one line what was asked for, each word as a shell takes it", async () => {
  const server = await serverOf("sqlite");
  using outer = freshFolder();
  await using log = await makeSignedLog("sqlite");
  using shell = openShell();
  const owner = "a b\n\nAll is well.\u202E";
  const words = String.raw`Asked for: 'action=user.*' $'owner=a b\u000a\u000aAll is well.\u202e'.`;
  const made = path.join(outer.folder, "made");
  const ran = await shell.ironlog(["log", "bundle", "action=user.*", `owner=${owner}`, "-o", made, ...argsOf(log)]);
  assert.equal(ran.code, 0, ran.stderr);
  const archive = path.join(outer.folder, "fetched.tar");
  const query = new URLSearchParams([
    ["action", "user.*"],
    ["owner", owner],
  ]);
  await download(server, server.firstLogin.apiKey, query.toString(), archive);
  for (const folder of [made, unpacked(archive, outer.folder)]) {
    const readme = readFileSync(path.join(folder, "README"), "utf8");
    assert.ok(readme.includes(`${words}\n`), readme);
  }
});

test("a name that no file can have is refused before the bundle is recorded", async () => {
  await using log = await makeSignedLog("sqlite");
  using shell = openShell();
  using outer = freshFolder();
  const count = async () => (await log.meddle("SELECT count(*) AS count FROM event"))[0]?.["count"];
  const before = await count();
  const args = argsOf(log);
  for (const name of [`${"x".repeat(252)}.tar`, "x".repeat(256)]) {
    const made = await shell.ironlog(["log", "bundle", ...args, "-o", path.join(outer.folder, name)]);
    assert.equal(made.code, 2, made.stderr);
    assert.match(made.stderr, /ENAMETOOLONG.*: name a shorter one/);
  }
  assert.equal(await count(), before);
});
