import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { freshAddress, send } from "../../support/clients/http-client.ts";
import { allEvents } from "../../support/clients/native-client.ts";
import { freshFolder, kinds } from "../../support/databases/databases.ts";
import { enrolApp, fromBase32 } from "../../support/factors/app.ts";
import { openShell } from "../../support/processes/command.ts";
import { findLeaks, storageOf } from "../../support/processes/leaks.ts";
import { startServer, startServerProcess, type TestServer } from "../../support/server.ts";
import { admin, makePerson, type Person } from "../../support/worlds/people.ts";

// Secrets that the server needs in clear are sealed wherever they are kept, and their keys can be changed.

function opened(server: TestServer) {
  const shell = openShell();
  const secrets = async (words: readonly string[], { code = 0, input }: { code?: number; input?: string } = {}) => {
    const ran = await shell.ironlog(["secrets", ...words, "--data", server.data, ...server.databaseArgs], {
      ...(input !== undefined && { input }),
    });
    assert.equal(ran.code, code, ran.stderr);
    return ran;
  };
  return { shell, secrets };
}

function logInWith({ url }: TestServer, { username, password }: Person, code: string) {
  return send(url, "/MAAS/accounts/login/", {
    method: "POST",
    from: freshAddress(),
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ username, password, code }).toString(),
  });
}

for (const kind of kinds) {
  test(`a kept secret is in clear nowhere, is sealed anew beside the server, and still works (${kind})`, async () => {
    // A process of its own: reading SQLite's files here would take the locks of a server in this one away.
    await using server = await startServerProcess({ kind });
    const { shell, secrets } = opened(server);
    using _ = shell;
    const person = await makePerson(server);
    const app = await enrolApp(person);
    const bytes = fromBase32(app.secret);
    const forms = { "the secret as the app has it": app.secret, "its bytes in base64": bytes.toString("base64") };
    const search = async () => {
      const holders = await storageOf(server);
      const log = { name: "the server's log", bytes: Buffer.from(server.output) };
      return [...findLeaks(forms, [...holders, log]), ...holders.filter((holder) => holder.bytes.includes(bytes))];
    };
    assert.deepEqual(await search(), []);
    const [line = ""] = (await secrets(["list"])).stdout.split("\n");
    assert.match(line, /^totp_device [0-9a-f-]{36} secret [0-9a-f]{16} opens$/);
    const oldKey = line.split(" ")[3] ?? "";

    const rotated = await secrets(["rotate"]);
    const [, newKey = ""] = /^1 secret is sealed with ([0-9a-f]{16})\.\n$/.exec(rotated.stdout) ?? [];
    assert.notEqual(newKey, oldKey);
    const [event] = await allEvents(admin(server).native, { action: "secrets.rotate" });
    const { os_user: _user, ...details } = event?.details ?? {};
    assert.deepEqual(details, { key: newKey, sealed: 1, unopened: 0 });
    assert.equal((await logInWith(server, person, app.code(1))).status, 204);
    assert.match((await secrets(["forget", newKey], { code: 1 })).stderr, /1 secret needs the key/);
    await secrets(["forget", oldKey]);
    assert.match((await secrets(["list"])).stdout, new RegExp(` ${newKey} opens\n$`));
    assert.deepEqual(await search(), []);

    using folder = freshFolder();
    const file = path.join(folder.folder, "backup.gz");
    const backup = await shell.ironlog(["backup", file, "--data", server.data, ...server.databaseArgs]);
    assert.equal(backup.code, 0, backup.stderr);
    const holder = { name: "the backup", bytes: gunzipSync(readFileSync(file)) };
    assert.deepEqual(findLeaks(forms, [holder]), []);
    const verified = await shell.ironlog(["log", "verify", "--data", server.data, ...server.databaseArgs]);
    assert.equal(verified.code, 0, verified.stdout);
  });

  test(`without its key a secret has to be entered again, and all else goes on; with the key brought back it opens (${kind})`, async () => {
    await using server = await startServer({ kind });
    const { shell, secrets } = opened(server);
    using _ = shell;
    const person = await makePerson(server);
    const app = await enrolApp(person);
    const keys = (await secrets(["show"])).stdout;
    await server.stop();
    rmSync(path.join(server.data, "secrets.key"));
    await server.start();
    assert.match(server.output, /no longer opens 1 secret: see ironlog secrets list/);
    assert.match((await secrets(["list"])).stdout, / enter again\n$/);
    assert.equal((await logInWith(server, person, app.code(1))).status, 503);
    const [recovery = ""] = app.recoveryCodes;
    assert.equal((await logInWith(server, person, recovery)).status, 204);
    const rotated = await secrets(["rotate"], { code: 1 });
    assert.match(rotated.stdout, /^0 secrets are/);
    assert.match(rotated.stderr, /No key opens 1 other: see/);
    assert.match((await secrets(["add", "-"], { input: keys })).stdout, /^Added 1 of 1 keys/);
    assert.match((await secrets(["list"])).stdout, / opens\n$/);
    assert.equal((await logInWith(server, person, app.code(1))).status, 204);
    const another = keys.replace(/[A-Za-z0-9+/]{43}=/, `${"A".repeat(43)}=`);
    assert.match((await secrets(["add", "-"], { code: 1, input: another })).stderr, /another key/);
    assert.match((await secrets(["add", "-"], { code: 1, input: "no keys\n" })).stderr, /line 1 is no secrets key/);
  });
}

test("what is asked wrongly is refused in one line", async () => {
  await using server = await startServer({ kind: "sqlite" });
  const { shell, secrets } = opened(server);
  using _ = shell;
  assert.match((await secrets([], { code: 2 })).stderr, /Give one of: list, rotate, forget, new, show, add/);
  assert.match((await secrets(["list", "all"], { code: 2 })).stderr, /'all' is one word too many/);
  assert.match((await secrets(["forget"], { code: 2 })).stderr, /Give the id of a key/);
  assert.match((await secrets(["rotate", "0123456789abcdef"], { code: 1 })).stderr, /has no key '0123456789abcdef'/);
  assert.match((await secrets(["show"], { code: 1 })).stderr, /there is no key in .*secrets\.key/);
});
