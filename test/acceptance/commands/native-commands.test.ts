import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { parseDescription } from "../../../src/cli/client/api-description.ts";
import { codeOf } from "../../support/factors/app.ts";
import { send } from "../../support/clients/http-client.ts";
import { until } from "../../support/until.ts";
import { kinds } from "../../support/databases/databases.ts";
import { freePort } from "../../support/ports.ts";
import { ironlogFile, openShell, type Shell } from "../../support/processes/command.ts";
import { startProcess } from "../../support/processes/program.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { powerFailure } from "../../support/reports.ts";

// What Ironlog's own API offers, from a terminal and from scripts: `ironlog PROFILE RESOURCE OPERATION`.

async function loggedIn(server: TestServer, apiKey = server.firstLogin.apiKey): Promise<Shell> {
  const shell = openShell();
  const login = await shell.ironlog(["login", "prod", `${server.url}/MAAS/`, apiKey]);
  assert.equal(login.code, 0, login.stderr);
  return shell;
}

interface Begun {
  readonly uri: string;
  readonly secret: string;
  readonly enrolment: string;
}

function linesOf(text: string): readonly Readonly<Record<string, unknown>>[] {
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
}

test("no command of Ironlog's own API is one of MAAS's, and none is there twice", async () => {
  await using server = await startServer({ kind: "sqlite" });
  const described = await send(server.url, "/MAAS/api/2.0/describe/");
  const theirs = Object.values(parseDescription(JSON.parse(described.text), "authenticated").resources).flatMap(
    ({ name, operations }) => Object.keys(operations).map((operation) => `${name} ${operation}`),
  );
  const document = (await send(server.url, "/api/v1/openapi.json")).text;
  const declared = [...document.matchAll(/"x-ironlog-command":\["([^"]+)","([^"]+)"\]/g)];
  const own = declared.map(([, resource, operation]) => `${resource} ${operation}`);
  assert.ok(own.length > 35, String(own.length));
  assert.equal(new Set(own).size, own.length);
  assert.deepEqual(
    own.filter((name) => theirs.includes(name)),
    [],
  );
});

for (const kind of kinds) {
  test(`events are searched, as a table, JSON, lines and CSV (${kind})`, async () => {
    await using server = await startServer({ kind });
    using shell = await loggedIn(server);
    const person = await makePerson(server);
    await person.native.ask("POST", "account/tokens", {});
    const search = (...words: readonly string[]) => shell.ironlog(["prod", "events", "search", ...words]);
    const found = await search(`user=${person.username}`, "since=24h");
    assert.equal(found.code, 0, found.stderr);
    const [newest] = (
      JSON.parse(found.stdout) as { items: readonly { id: number; action: string; username: string }[] }
    ).items;
    assert.equal(newest?.action, "token.create");
    assert.equal(newest.username, person.username);
    const table = await search(`owner=${person.username}`, "--output", "table", "limit=1");
    assert.match(
      table.stdout,
      /^ID +CREATED +USERNAME +IP +ACTION +OUTCOME +DESCRIPTION\n\d+ .* token\.create +success +Created token\.\n$/,
    );
    assert.equal(table.stderr, `There is more: before=${newest.id}\n`);
    const lines = await search("action=token.*", "--output", "jsonl");
    assert.ok(linesOf(lines.stdout).every(({ action }) => String(action).startsWith("token.")));
    const csv = await search("limit=1", "--output", "csv");
    assert.match(csv.stdout, /^id,level,.*\r\n\d+,AUDIT,.*\r\n$/s);
    const none = await search("since=0s");
    assert.deepEqual((JSON.parse(none.stdout) as { items: readonly unknown[] }).items, []);
  });

  test(`what is asked wrongly is refused before anything is sent, or by the server's own words (${kind})`, async () => {
    await using server = await startServer({ kind });
    using shell = await loggedIn(server);
    const refused = async (words: readonly string[], error: RegExp, code = 2): Promise<void> => {
      const ran = await shell.ironlog(["prod", ...words]);
      assert.equal(ran.code, code, ran.stdout);
      assert.match(ran.stderr, error);
      assert.equal(ran.stdout, "");
    };
    await refused(["events", "search", "onwer=bob"], /has no parameter 'onwer'\. Did you mean 'owner'\?/);
    await refused(["events", "search", "level=LOUD"], /level/);
    await refused(["events", "search", "--output", "yaml"], /--output takes table, json, jsonl, csv, and not 'yaml'/);
    await refused(["events", "read"], /too few arguments: 'events read' also needs ID/);
    await refused(["events", "read", "999999"], /999999/);
    await refused(["events", "serch"], /no operation 'serch'\. Did you mean 'search'\?/);
    await refused(["evnts", "search"], /has no resource 'evnts'\. Did you mean 'events'\?/);
    await refused(["events", "query", "--output", "csv"], /MAAS's.*events search takes it/);
    await refused(["settings", "update", "no_such_setting", "value=1"], /no_such_setting/);
    await refused(["settings", "update", "maas_name"], /also needs value=/);
    await refused(["users", "list", "bob"], /not a name=value/, 1);
    await refused(["events", "search", "bob", '"logged'], /quotation mark is open/);
    await refused(["events", "search", "bob", "text=ada"], /Give text once/);
  });

  test(`an app is set up from a terminal, listed and removed (${kind})`, async () => {
    await using server = await startServer({ kind });
    const person = await makePerson(server);
    using shell = await loggedIn(server, person.apiKey);
    const run = async (operation: string, words: readonly string[]) => {
      const ran = await shell.ironlog(["prod", "second-factor", operation, ...words]);
      assert.equal(ran.code, 0, ran.stderr);
      return ran.stdout;
    };
    // Others on the machine can read a command line.
    const file = path.join(server.data, "password");
    writeFileSync(file, `${person.password}\n`);
    const begun = JSON.parse(await run("begin-totp", [`password@=${file}`])) as Begun;
    assert.match(begun.uri, /^otpauth:\/\/totp\/Ironlog%20.*secret=/);
    const words = [`enrolment=${begun.enrolment}`, "name=phone", `code=${codeOf(begun.secret)}`];
    const added = JSON.parse(await run("add", words)) as { readonly id: string; recovery_codes: readonly string[] };
    assert.equal(added.recovery_codes.length, 10);
    assert.match(await run("read", ["--output", "table"]), /phone/);
    const refused = await shell.ironlog(["prod", "second-factor", "remove", added.id]);
    assert.deepEqual([refused.code, /second factor/i.test(refused.stderr)], [2, true], refused.stderr);
    await run("remove", [added.id, `code=${added.recovery_codes[0]}`]);
    assert.deepEqual((JSON.parse(await run("read", [])) as { items: readonly unknown[] }).items, []);
  });

  test(`an auditor's day: who is there, what may they, what did they, and is it true (${kind})`, async () => {
    await using server = await startServer({ kind });
    const root = admin(server);
    const [auditor, person] = [await makePerson(server, { isAuditor: true }), await makePerson(server)];
    await root.native.ask("PATCH", `users/${person.username}`, { is_superuser: true });
    using shell = await loggedIn(server, auditor.apiKey);
    const run = async (...words: readonly string[]) => {
      const ran = await shell.ironlog(["prod", ...words]);
      assert.equal(ran.code, 0, ran.stderr);
      return ran.stdout;
    };
    // A key for the day's scripts, which reads and nothing else.
    const made = JSON.parse(await run("tokens", "create", "name=day", "scopes=audit")) as {
      readonly api_key: string;
      readonly token_key: string;
    };
    assert.equal((await shell.ironlog(["login", "prod", `${server.url}/MAAS/`, made.api_key])).code, 0);
    assert.match(await run("users", "list", "--output", "table"), new RegExp(`^${person.username} `, "m"));
    assert.equal(linesOf(await run("users", "tokens", person.username, "--output", "jsonl")).length, 1);
    const review = await run("report", "access", "since=24h", "--output", "csv");
    assert.match(review, new RegExp(`^reads everything,${person.username},admin,[^,]+,${root.username},`, "m"));
    assert.match(
      await run("report", "access", "unused_days=30", "--output", "table"),
      /^FINDING +USERNAME +WHAT +SINCE/,
    );
    const [change] = linesOf(await run("events", "search", "action=user.permission.change", "--output", "jsonl"));
    assert.equal(change?.["target_name"], person.username);
    const proof = path.join(shell.profiles, "change.tlog-proof");
    await run("events", "proof", String(change["id"]), "-o", proof);
    const status = JSON.parse(await run("log", "status")) as { readonly log_key: string };
    const checked = await shell.ironlog(["log", "check-proof", proof, "--key", status.log_key]);
    assert.equal(checked.code, 0, checked.stderr);
    assert.match(await run("log", "status", "--output", "table"), /^origin +\S+$/m);
    assert.match(await run("settings", "read", "maas_name"), /"value"/);
    assert.match(await run("events", "histogram", "since=7d"), /"bins":/);
    const file = path.join(shell.profiles, "day.jsonl");
    await run("events", "export", "format=jsonl", "-o", file);
    assert.ok(linesOf(readFileSync(file, "utf8")).some(({ id }) => id === change["id"]));
    await run("log", "verify");
    for (const words of [
      ["settings", "update", "maas_name", "value=lab"],
      ["users", "update", person.username, "is_superuser=false"],
      ["tokens", "create", "name=more"],
    ]) {
      const refused = await shell.ironlog(["prod", ...words]);
      assert.equal(refused.code, 2, refused.stdout);
      assert.match(refused.stderr, /audit|administrators/);
    }
    // What was taken is told of: the review, the export, the proof.
    const told = linesOf(await run("events", "search", `owner=${auditor.username}`, "--output", "jsonl"));
    const actions = new Set(told.map(({ action }) => action));
    for (const action of ["access.review", "log.export", "log.read"]) assert.ok(actions.has(action), action);
  });

  test(`events are exported into a file that is whole or isn't there (${kind})`, async () => {
    await using server = await startServer({ kind });
    using shell = await loggedIn(server);
    const file = path.join(shell.profiles, "out.csv");
    const ran = await shell.ironlog(["prod", "events", "export", "-o", file]);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(readFileSync(file, "utf8"), /^id,.*\r\n(\d+,.*\r\n)+$/s);
    const again = await shell.ironlog(["prod", "events", "export", "-o", file]);
    assert.equal(again.code, 2);
    assert.match(again.stderr, /out\.csv.*EEXIST.*name one that isn't there yet/);
    const lines = await shell.ironlog(["prod", "events", "export", "action=user.*", "order=oldest"]);
    assert.ok(linesOf(lines.stdout).every(({ action }) => String(action).startsWith("user.")));
    const refused = await shell.ironlog(["prod", "events", "export", "level=LOUD", "-o", `${file}.2`]);
    assert.equal(refused.code, 2);
    assert.ok(!existsSync(`${file}.2`));
  });

  test(`who follows events misses none and sees none twice when the server starts again (${kind})`, async () => {
    const port = String(await freePort());
    await using server = await startServer({ kind, args: ["--port", port] });
    using shell = await loggedIn(server);
    await using follower = startProcess({
      command: ironlogFile,
      args: ["prod", "events", "follow", "action=node.power"],
      env: shell.env,
    });
    const report = async (number: number): Promise<void> => {
      const sent = await admin(server).native.ask("POST", "events", {
        ...powerFailure,
        description: `failure ${number}.`,
      });
      assert.ok(sent.status < 300, sent.text);
    };
    const shown = (): readonly unknown[] =>
      follower.stdout === "" ? [] : linesOf(follower.stdout).map(({ description }) => description);
    // It has begun once it shows the first that comes.
    let number = 0;
    await until(async () => {
      if (shown().length === 0) await report(number++);
      return shown().length > 0;
    });
    const [first] = shown();
    const begun = Number(/\d+/.exec(String(first))?.[0]);
    await server.stop();
    await server.start(["--port", port]);
    for (let later = 1_000; later < 1_005; later += 1) await report(later);
    await follower.until(/failure 1004\./);
    const numbers = shown().map((description) => Number(/\d+/.exec(String(description))?.[0]));
    const expected = Array.from({ length: number - begun }, (_, at) => begun + at);
    assert.deepEqual(numbers, [...expected, 1_000, 1_001, 1_002, 1_003, 1_004]);
  });
}

test("an administrator changes settings, people and keys from a terminal", async () => {
  await using server = await startServer({ kind: "sqlite" });
  using shell = await loggedIn(server);
  const person = await makePerson(server);
  const run = async (...words: readonly string[]) => {
    const ran = await shell.ironlog(["prod", ...words]);
    assert.equal(ran.code, 0, ran.stderr);
    return ran.stdout;
  };
  await run("settings", "update", "maas_name", "value=lab");
  assert.match(await run("settings", "read", "maas_name"), /"lab"/);
  await run("users", "update", person.username, "is_auditor=true");
  assert.match(await run("users", "list", "--output", "jsonl"), /"is_auditor":true/);
  const made = JSON.parse(await run("tokens", "create", "name=ci", "scopes=events:read")) as { token_key: string };
  assert.equal(await run("tokens", "delete", made.token_key), "");
});

test("a follower whose API key ends is told so, with status 1", async () => {
  await using server = await startServer({ kind: "sqlite" });
  const person = await makePerson(server);
  using shell = await loggedIn(server, person.apiKey);
  await using follower = startProcess({ command: ironlogFile, args: ["prod", "events", "follow"], env: shell.env });
  await until(async () => {
    await person.native.ask("POST", "account/tokens", {});
    return follower.stdout !== "";
  });
  const key = person.apiKey.split(":")[1] ?? "";
  assert.equal((await admin(server).native.ask("DELETE", `users/${person.username}/tokens/${key}`)).status, 204);
  assert.deepEqual(await follower.ended, { code: 1, signal: null });
  assert.match(follower.stderr, /^The API key of this profile has ended\. The last event shown is \d+\.$/m);
});

test("a reader that has seen enough ends a follower with status 0", async () => {
  await using server = await startServer({ kind: "sqlite" });
  using shell = await loggedIn(server);
  await using follower = startProcess({
    command: "/bin/bash",
    args: ["-c", `"${ironlogFile}" prod events follow after=0 | head -n 1; echo "status $\{PIPESTATUS[0]}"`],
    env: shell.env,
  });
  await follower.until(/^\{.*\}$/m);
  await admin(server).native.ask("POST", "account/tokens", {});
  await follower.until(/^status 0$/m);
});

test("help and completion know both APIs, and values", async () => {
  await using server = await startServer({ kind: "sqlite" });
  using shell = await loggedIn(server);
  const complete = async (...words: readonly string[]) =>
    (await shell.ironlog(["__complete", "prod", ...words])).stdout.trim().split("\n");
  const help = await shell.ironlog(["prod", "events", "--help"]);
  assert.match(help.stdout, /^ {2}query .*\n[^]*^ {2}follow +Follow events$/m);
  assert.match((await shell.ironlog(["prod", "--help"])).stdout, /^ {2}settings +list, read, update$/m);
  const own = await shell.ironlog(["prod", "events", "follow", "--help"]);
  assert.match(own.stdout, /Example:\n {2}ironlog prod events follow outcome=failure\n/);
  assert.deepEqual(await complete("events", "fo"), ["follow"]);
  assert.deepEqual(await complete("events", "search", "outcome="), ["outcome=success", "outcome=failure"]);
  assert.ok((await complete("events", "search", "action=auth.")).includes("action=auth.*"));
  assert.deepEqual(await complete("events", "search", "owner=ad"), ["owner=admin"]);
  assert.deepEqual(await complete("users", "sessions", "adm"), ["admin"]);
  assert.ok((await complete("events", "query", "lev")).includes("level="));
});
