import assert from "node:assert/strict";
import { test } from "node:test";
import { forEachKind } from "../../support/each-kind.ts";
import { powerFailure, report } from "../../support/reports.ts";
import { openShell } from "../../support/processes/command.ts";
import { startServer } from "../../support/server.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";

// `ironlog PROFILE events search WORDS…`: what people type first.

forEachKind((kind) => {
  test(`events are searched by words and "phrases", beside filters (${kind})`, async () => {
    await using server = await startServer({ kind });
    using shell = openShell();
    const login = await shell.ironlog(["login", "prod", `${server.url}/MAAS/`, server.firstLogin.apiKey]);
    assert.equal(login.code, 0, login.stderr);
    const { username: name, native } = await makePerson(server);
    await native.ask("POST", "account/tokens", {});
    const search = async (...words: readonly string[]) => shell.ironlog(["prod", "events", "search", ...words]);
    const found = async (...words: readonly string[]): Promise<readonly string[]> => {
      const ran = await search(...words);
      assert.equal(ran.code, 0, ran.stderr);
      return (JSON.parse(ran.stdout) as { items: readonly { action: string }[] }).items.map(({ action }) => action);
    };
    assert.deepEqual(await found(name, "created"), ["token.create", "token.create", "user.create"]);
    assert.deepEqual(await found(name, "created", "limit=1"), ["token.create"]);
    assert.deepEqual(await found("created", name, "action=user.create"), ["user.create"]);
    assert.deepEqual(await found(`created user '${name}'`), ["user.create"]);
    assert.deepEqual(await found(`user created '${name}'`), []);
    assert.deepEqual(await found(`text=${name}`, "action=user.create"), ["user.create"]);
    for (let at = 0; at < 2; at += 1) await report(admin(server).native, powerFailure);
    const table = await search("bmc", "answer", "limit=1", "--output", "table");
    assert.match(table.stderr, /^There is more: before=\d+\n$/);
    const other = await search(`owner=${server.firstLogin.username.toUpperCase()}`, "--output", "table");
    assert.equal(other.stderr, `Nothing matches. Case counts: did you mean owner=${server.firstLogin.username}?\n`);
    const help = await search("--help");
    assert.match(help.stdout, /search \[WORD \.\.\.\] \[KEY=VALUE \.\.\.\]/);
  });
});
