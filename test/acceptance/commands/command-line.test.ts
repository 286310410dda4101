import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { maasFile, openShell, type Ran, run, type Shell } from "../../support/processes/command.ts";
import { freshFolder } from "../../support/databases/databases.ts";
import { forEachKind } from "../../support/each-kind.ts";
import { send } from "../../support/clients/http-client.ts";
import { oauthHeader } from "../../support/clients/maas-client.ts";
import { allEvents } from "../../support/clients/native-client.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { freshName } from "../../support/worlds/world.ts";
import { sharedServerProcesses, type ServerProcess } from "../../support/server.ts";

// C1 and C2: the command line against a real server. Its own corners are tested beside its code.

const serverOf = sharedServerProcesses();

async function logInAs(shell: Shell, server: ServerProcess, apiKey: string, profile = "p"): Promise<Ran> {
  const ran = await shell.ironlog(["login", profile, `${server.url}/MAAS/`, apiKey]);
  assert.equal(ran.code, 0, ran.stderr);
  return ran;
}

forEachKind((kind) => {
  test(`70, C2: into a pipe goes exactly the body, byte for byte (${kind})`, async () => {
    const server = await serverOf(kind);
    using shell = openShell();
    await logInAs(shell, server, server.firstLogin.apiKey);
    const query = "op=query&level=AUDIT&owner=admin&owner=&limit=3&before=5";
    const words = ["level=AUDIT", "owner=admin", "owner=", "limit=3", "before=5"];
    const ran = await shell.ironlog(["p", "events", "query", ...words]);
    const headers = { authorization: oauthHeader(server.firstLogin.apiKey) };
    const { body } = await send(server.url, `/MAAS/api/2.0/events/?${query}`, { headers });
    assert.equal(ran.code, 0, ran.stderr);
    assert.equal(ran.stderr, "");
    assert.ok(ran.stdoutBytes.equals(body), ran.stdout);
  });

  test(`71: a refusal's body goes to stdout, with exit 2 (${kind})`, async () => {
    const server = await serverOf(kind);
    using shell = openShell();
    const person = await makePerson(server);
    await logInAs(shell, server, person.apiKey);
    const level = await shell.ironlog(["p", "events", "query", "level=audit"]);
    assert.deepEqual([level.code, level.stdout, level.stderr], [2, "Unrecognised log level: audit", ""]);
    const forbidden = await shell.ironlog(["p", "user", "delete", "admin"]);
    assert.deepEqual([forbidden.code, forbidden.stdout], [2, "This method is reserved for admin users."]);
  });

  test(`C1, C4: every operation on accounts and tokens works from the command line (${kind})`, async () => {
    const server = await serverOf(kind);
    using shell = openShell();
    await logInAs(shell, server, server.firstLogin.apiKey);
    const username = freshName();
    const p = async (...words: string[]): Promise<string> => {
      const { code, stdout, stderr } = await shell.ironlog(["p", ...words]);
      assert.equal(code, 0, `${words.join(" ")}: ${stdout}${stderr}`);
      return stdout;
    };
    const user = [`username=${username}`, `email=${username}@example.com`, "password=password 1", "is_superuser=0"];
    assert.equal((JSON.parse(await p("users", "create", ...user)) as { username: string }).username, username);
    assert.ok((await p("users", "read")).includes(username));
    assert.equal((JSON.parse(await p("user", "read", username)) as { username: string }).username, username);
    const updated = JSON.parse(await p("user", "update", username, "is_superuser=1", "last_name=Ünï code")) as object;
    assert.equal((updated as { is_superuser: boolean }).is_superuser, true);
    assert.equal(await p("user", "delete", username), "");
    assert.equal((JSON.parse(await p("users", "whoami")) as { username: string }).username, "admin");
    const token = JSON.parse(await p("account", "create-authorisation-token", "name=a key")) as { token_key: string };
    assert.ok((await p("account", "list-authorisation-tokens")).includes('"a key"'));
    assert.equal(await p("account", "update-token-name", `token=${token.token_key}`, "name=b"), "Accepted");
    assert.equal(await p("account", "delete-authorisation-token", `token_key=${token.token_key}`), "");
    assert.match(await p("version", "read"), /"version": "2\.9/);
    const told = (await allEvents(admin(server).native, { target: username })).map(({ description }) => description);
    assert.deepEqual(told, [
      `Deleted admin '${username}'.`,
      `Permissions changed for '${username}': user -> admin.`,
      `User profile of '${username}' updated: last_name.`,
      `Created user '${username}'.`,
    ]);
  });

  test(`73: user delete sends transfer_resources_to in the query (${kind})`, async () => {
    const server = await serverOf(kind);
    using shell = openShell();
    await logInAs(shell, server, server.firstLogin.apiKey);
    const person = await makePerson(server);
    const refused = await shell.ironlog(["p", "user", "delete", person.username, "transfer_resources_to=nosuch"]);
    assert.equal(refused.code, 2, refused.stdout);
    assert.equal((await person.native.ask("GET", "account")).status, 200);
    const done = await shell.ironlog(["p", "user", "delete", person.username, "transfer_resources_to=admin"]);
    assert.equal(done.code, 0, done.stdout);
  });
});

test("69: login takes a key as argument or from stdin, with or without /MAAS/ and api/2.0/", async () => {
  const server = await serverOf("sqlite");
  const { apiKey } = server.firstLogin;
  for (const url of [`${server.url}/MAAS`, `${server.url}/MAAS/api/2.0/`]) {
    using shell = openShell();
    const ran = await shell.ironlog(["login", "p", url, "-"], { input: `${apiKey}\n` });
    assert.equal(ran.code, 0, `${url}: ${ran.stderr}`);
    assert.match(ran.stdout, /p/);
    assert.equal((await shell.ironlog(["p", "users", "whoami"])).code, 0, url);
  }
});

test("69: a wrong key is exit 1, and makes no profile", async () => {
  const server = await serverOf("sqlite");
  using shell = openShell();
  const wrong = server.firstLogin.apiKey.replace(/[^:]+$/, "wrong");
  const ran = await shell.ironlog(["login", "p", `${server.url}/MAAS/`, wrong]);
  assert.equal(ran.code, 1);
  assert.match(ran.stderr, /rejected your API key\./);
  assert.equal((await shell.ironlog(["list"])).stdout, "");
  assert.equal((await shell.ironlog(["login", "p", `${server.url}/MAAS/`, "a:b"])).code, 2);
});

test("7.2: list shows profiles, logout removes one, refresh goes over all, a later login replaces", async () => {
  const server = await serverOf("sqlite");
  const { apiKey } = server.firstLogin;
  using shell = openShell();
  await logInAs(shell, server, apiKey, "one");
  await logInAs(shell, server, "", "two");
  const uri = `${server.url}/MAAS/api/2.0/`;
  assert.deepEqual(
    (await shell.ironlog(["list"])).stdout
      .trim()
      .split("\n")
      .map((line) => line.trim()),
    [`one ${uri} ${apiKey}`, `two ${uri}`],
  );
  assert.equal((await shell.ironlog(["refresh"])).code, 0);
  assert.equal((await shell.ironlog(["two", "version", "read"])).code, 0);
  assert.equal((await shell.ironlog(["logout", "one"])).code, 0);
  assert.equal((await shell.ironlog(["logout", "one"])).code, 0);
  assert.notEqual((await shell.ironlog(["one", "users", "whoami"])).code, 0);
  const person = await makePerson(server);
  await logInAs(shell, server, person.apiKey, "two");
  assert.ok((await shell.ironlog(["two", "users", "whoami"])).stdout.includes(person.username));
});

test("profiles are files that their owner alone can read", async () => {
  const server = await serverOf("sqlite");
  using shell = openShell();
  await logInAs(shell, server, server.firstLogin.apiKey);
  const files = readdirSync(shell.profiles);
  assert.ok(files.includes("p.json"), files.join());
  for (const file of files) assert.equal(statSync(path.join(shell.profiles, file)).mode & 0o777, 0o600, file);
  assert.ok(
    readFileSync(path.join(shell.profiles, "p.json"), "utf8").includes(server.firstLogin.apiKey.split(":")[2] ?? ""),
  );
});

test("7.3: key@=file sends a file's content, and a word that is neither is exit 1", async () => {
  const server = await serverOf("sqlite");
  using shell = openShell();
  using folder = freshFolder();
  await logInAs(shell, server, server.firstLogin.apiKey);
  const file = path.join(folder.folder, "owner");
  writeFileSync(file, "admin");
  const byFile = await shell.ironlog(["p", "events", "query", "level=AUDIT", `owner@=${file}`]);
  assert.ok(byFile.stdout.includes("owner=admin"), byFile.stdout);
  const bad = await shell.ironlog(["p", "events", "query", "foo"]);
  assert.equal(bad.code, 1);
  assert.match(bad.stderr, /'foo' is not a name=value or name@=filename pair/);
});

test("7.4: -d shows status and headers on stderr, and leaves stdout as it is", async () => {
  const server = await serverOf("sqlite");
  using shell = openShell();
  await logInAs(shell, server, server.firstLogin.apiKey);
  const plain = await shell.ironlog(["p", "users", "whoami"]);
  const debug = await shell.ironlog(["p", "users", "whoami", "-d"]);
  assert.equal(debug.stdout, plain.stdout);
  assert.match(debug.stderr, /^200 OK\n\n/);
  assert.match(debug.stderr, /^ *Content-Type: application\/json; charset=utf-8$/m);
});

test("7.4: without arguments, or with a word that isn't there, it is exit 2 and says what there is", async () => {
  const server = await serverOf("sqlite");
  using shell = openShell();
  await logInAs(shell, server, server.firstLogin.apiKey);
  for (const words of [[], ["p", "events"], ["p", "events", "nosuch"], ["nosuch"], ["p", "user", "read"]]) {
    const ran = await shell.ironlog(words);
    assert.equal(ran.code, 2, `${words.join(" ")}: ${ran.stdout}`);
    assert.notEqual(ran.stderr, "");
    assert.equal(ran.stdout, "");
  }
});

test("a server that isn't there is exit 2 and one line", async () => {
  const server = await serverOf("sqlite");
  using shell = openShell();
  await logInAs(shell, server, server.firstLogin.apiKey);
  const profile = path.join(shell.profiles, "p.json");
  writeFileSync(profile, readFileSync(profile, "utf8").replaceAll(server.url, "http://127.0.0.1:9"));
  const ran = await shell.ironlog(["p", "users", "whoami"]);
  assert.equal(ran.code, 2);
  assert.equal(ran.stderr.trim().split("\n").length, 1, ran.stderr);
});

test("maas is the same program, from any folder", async () => {
  const server = await serverOf("sqlite");
  using shell = openShell();
  const options = { env: shell.env, cwd: "/" };
  const login = await run(maasFile, ["login", "p", `${server.url}/MAAS/`, server.firstLogin.apiKey], options);
  assert.equal(login.code, 0, login.stderr);
  const ran = await run(maasFile, ["p", "events", "query", "level=AUDIT", "owner=admin"], options);
  assert.equal(ran.code, 0);
  assert.ok(ran.stdout.startsWith('{\n    "count": '), ran.stdout);
  assert.match((await run(maasFile, ["--help"], options)).stdout, /Usage: maas /);
});

test("help is there at every level, on stdout, with exit 0", async () => {
  const server = await serverOf("sqlite");
  using shell = openShell();
  await logInAs(shell, server, server.firstLogin.apiKey);
  for (const words of [[], ["login"], ["serve"], ["p"], ["p", "events"], ["p", "user", "update"]]) {
    const ran = await shell.ironlog([...words, "--help"]);
    assert.equal(ran.code, 0, words.join(" "));
    assert.match(ran.stdout, /\w/);
    assert.equal(ran.stderr, "");
  }
  assert.match((await shell.ironlog(["p", "events", "query", "--help"])).stdout, /owner/);
});
