import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { hasProgram, openShell, type Ran, ironlogFile, type Shell } from "../../support/processes/command.ts";
import { freshFolder, freshLocation } from "../../support/databases/databases.ts";
import { forEachKind } from "../../support/each-kind.ts";
import { allEvents, bearer, logIn, type NativeEvent, tryLogIn } from "../../support/clients/native-client.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { freshName } from "../../support/worlds/world.ts";
import { startProcess } from "../../support/processes/program.ts";
import { readyAt, serve, sharedServerProcesses, startServerProcess, type ServerProcess } from "../../support/server.ts";

// Createadmin, apikey and changepassword, beside a running server.

const serverOf = sharedServerProcesses();
const osUser = os.userInfo().username;

function local(shell: Shell, server: ServerProcess, args: readonly string[], input?: string): Promise<Ran> {
  return shell.ironlog([...args, ...server.databaseArgs], input === undefined ? {} : { input });
}

/** Asserts that the newest event is of a local command. */
async function assertLocal(server: ServerProcess, expected: Partial<NativeEvent>): Promise<void> {
  const [event] = await allEvents(admin(server).native, { action: expected.action ?? "" });
  const fields = {
    level: "AUDIT",
    outcome: "success",
    username: null,
    user_id: null,
    ip: null,
    endpoint: "CLI",
    ...expected,
  };
  for (const [name, value] of Object.entries(fields)) {
    assert.deepEqual(event?.[name as keyof NativeEvent], value, name);
  }
  assert.equal(event?.details?.["os_user"], osUser);
  const shown = await admin(server).maas.events([
    ["level", "AUDIT"],
    ["owner", ""],
    ["limit", "10"],
  ]);
  // A rule that comes with Ironlog may have said something of it.
  const events = shown.events.filter(({ description }) => !description.startsWith("Alert: "));
  assert.equal(events[0]?.username, "unknown");
  assert.equal(events[0].id, event.id);
}

forEachKind((kind) => {
  test(`createadmin makes an administrator who can log in, and is recorded (${kind})`, async () => {
    const server = await serverOf(kind);
    using shell = openShell();
    const username = freshName("local");
    const made = await local(
      shell,
      server,
      ["createadmin", "--username", username, "--email", `${username}@example.com`],
      "a password 1\n",
    );
    assert.equal(made.code, 0, made.stderr);
    await assertLocal(server, {
      action: "user.create",
      description: `Created admin '${username}'.`,
      target_name: username,
    });
    const session = await logIn(server, { username, password: "a password 1" });
    assert.equal((await session.ask("GET", "account")).json<{ is_superuser: boolean }>().is_superuser, true);
  });

  test(`createadmin refuses what the API refuses, with exit 1 and one line (${kind})`, async () => {
    const server = await serverOf(kind);
    using shell = openShell();
    const person = await makePerson(server);
    const email = `${freshName()}@example.com`;
    for (const [args, password] of [
      [["--username", person.username, "--email", email], "a password 1"],
      [["--username", freshName(), "--email", person.email], "a password 1"],
      [["--username", freshName(), "--email", email], "short"],
      [["--username", "MAAS", "--email", email], "a password 1"],
    ] as const) {
      const refused = await local(shell, server, ["createadmin", ...args], `${password}\n`);
      assert.equal(refused.code, 1, `${args.join(" ")}: ${refused.stdout}`);
      assert.equal(refused.stderr.trim().split("\n").length, 1, refused.stderr);
    }
  });

  test(`changepassword sets a password, ends all sessions, and is recorded (${kind})`, async () => {
    const server = await serverOf(kind);
    using shell = openShell();
    const person = await makePerson(server);
    const session = await logIn(server, person, { from: person.from });
    const changed = await local(shell, server, ["changepassword", person.username], "a new password\n");
    assert.equal(changed.code, 0, changed.stderr);
    assert.equal((await session.ask("GET", "session")).status, 401);
    assert.notEqual((await tryLogIn(server, person, { from: person.from })).status, 204);
    await logIn(server, { ...person, password: "a new password" });
    await assertLocal(server, {
      action: "user.password.reset",
      description: `Password changed for '${person.username}'.`,
      target_name: person.username,
    });
    assert.equal((await person.native.ask("GET", "account")).status, 401);
  });

  test(`changepassword --keep-keys keeps API keys (${kind})`, async () => {
    const server = await serverOf(kind);
    using shell = openShell();
    const person = await makePerson(server);
    const changed = await local(shell, server, ["changepassword", person.username, "--keep-keys"], "a new password\n");
    assert.equal(changed.code, 0, changed.stderr);
    assert.equal((await person.native.ask("GET", "account")).status, 200);
    await logIn(server, { ...person, password: "a new password" });
  });

  test(`changepassword of nobody, and one too short, are exit 1 and change nothing (${kind})`, async () => {
    const server = await serverOf(kind);
    using shell = openShell();
    const person = await makePerson(server);
    const nobody = await local(shell, server, ["changepassword", "nosuch"], "a new password\n");
    assert.equal(nobody.code, 1);
    assert.match(nobody.stderr, /does not exist/);
    assert.equal((await local(shell, server, ["changepassword", person.username], "short\n")).code, 1);
    await logIn(server, person);
  });

  test(`changepassword of admin takes first-login away (${kind})`, async () => {
    await using server = await startServerProcess({ kind });
    using shell = openShell();
    assert.equal((await local(shell, server, ["changepassword", "admin"], "a new password\n")).code, 0);
    assert.ok(!existsSync(path.join(server.data, "first-login")));
    await logIn(server, { username: "admin", password: "a new password" });
  });

  test(`apikey lists, generates, renames and deletes keys, recorded each (${kind})`, async () => {
    const server = await serverOf(kind);
    using shell = openShell();
    const person = await makePerson(server);
    const of = (...args: string[]) => local(shell, server, ["apikey", "--username", person.username, ...args]);
    const hidden = person.apiKey.replace(/[^:]+$/, "********");
    assert.equal((await of()).stdout, `${hidden}\n`);
    assert.equal((await of("--with-names")).stdout, `${hidden} tests\n`);
    const generated = await of("--generate", "--name", "by hand");
    assert.equal(generated.code, 0, generated.stderr);
    const key = generated.stdout.trim();
    assert.match(key, /^[A-Za-z0-9]{18}:[A-Za-z0-9]{18}:[A-Za-z0-9]{32}$/);
    await assertLocal(server, { action: "token.create", description: "Created token.", target_name: "by hand" });
    assert.equal((await bearer(server, key).ask("GET", "account")).status, 200);
    assert.equal((await of("--update", key, "--name", "renamed")).code, 0);
    await assertLocal(server, {
      action: "token.rename",
      description: "Modified consumer name of token.",
      target_name: "renamed",
    });
    assert.equal((await of("--with-names")).stdout, `${hidden} tests\n${key.replace(/[^:]+$/, "********")} renamed\n`);
    assert.equal((await of("--delete", key)).code, 0);
    await assertLocal(server, { action: "token.delete", description: "Deleted token.", target_name: "renamed" });
    assert.equal((await bearer(server, key).ask("GET", "account")).status, 401);
    assert.equal((await of()).stdout, `${hidden}\n`);
  });

  test(`apikey says what is wrong: no user, an unknown one, an unknown key, two acts at once (${kind})`, async () => {
    const server = await serverOf(kind);
    using shell = openShell();
    const [person, other] = [await makePerson(server), await makePerson(server)];
    const of = (...args: string[]) => local(shell, server, ["apikey", ...args]);
    const mine = ["--username", person.username];
    for (const [args, says] of [
      [[], /username/],
      [["--username", "nosuch"], /User does not exist\./],
      [[...mine, "--delete", "a:b:c"], /No matching api key found\./],
      [[...mine, "--delete", other.apiKey], /No matching api key found\./],
      [[...mine, "--update", person.apiKey], /name/],
      [[...mine, "--generate", "--delete", person.apiKey], /generate|delete/],
    ] as const) {
      const refused = await of(...args);
      assert.notEqual(refused.code, 0, args.join(" "));
      assert.match(refused.stderr, says);
      assert.equal(refused.stdout, "");
    }
    for (const each of [person, other]) assert.equal((await each.native.ask("GET", "account")).status, 200);
  });

  test(`without a server, local commands work the same (${kind})`, async () => {
    await using server = await startServerProcess({ kind });
    using shell = openShell();
    await server.stop();
    const made = await local(
      shell,
      server,
      ["createadmin", "--username", "offline", "--email", "off@example.com"],
      "a password 1\n",
    );
    assert.equal(made.code, 0, made.stderr);
    await server.start();
    await logIn(server, { username: "offline", password: "a password 1" });
  });
});

/** Answers what a command asks on a terminal, each as soon as it is asked. Gives all that the terminal showed. */
async function answer(
  shell: Shell,
  args: readonly string[],
  answers: readonly (readonly [RegExp, string])[],
): Promise<string> {
  const words = [ironlogFile, ...args].map((word) => `'${word}'`).join(" ");
  await using asking = startProcess({
    command: "script",
    args: ["-qec", words, "/dev/null"],
    env: { ...shell.env, TERM: "dumb" },
    hasInput: true,
  });
  for (const [prompt, text] of answers) {
    await asking.until(prompt);
    asking.write(`${text}\r`);
  }
  const { code } = await asking.ended;
  assert.equal(code, 0, asking.stdout);
  return asking.stdout;
}

for (const given of ["nothing", "all but the password"] as const) {
  test(`on a terminal, with ${given} given, createadmin asks for the rest, and shows no password`, async (t: TestContext) => {
    if (!(await hasProgram("script"))) return t.skip("there is no script(1) to make a terminal with");
    const server = await serverOf("sqlite");
    using shell = openShell();
    const username = freshName("asked");
    const password = "a hidden password";
    const email = `${username}@example.com`;
    const passwords = [
      [/Password: /, password],
      [/Again: /, password],
    ] as const;
    const noKeys = [/Import SSH keys/, ""] as const;
    const shown =
      given === "nothing"
        ? await answer(
            shell,
            ["createadmin", ...server.databaseArgs],
            [[/Username: /, username], ...passwords, [/Email: /, email], noKeys],
          )
        : await answer(
            shell,
            ["createadmin", "--username", username, "--email", email, ...server.databaseArgs],
            [...passwords, noKeys],
          );
    await logIn(server, { username, password });
    assert.ok(!shown.includes(password), shown);
  });
}

test("on a terminal changepassword asks twice, and shows no password", async (t: TestContext) => {
  if (!(await hasProgram("script"))) return t.skip("there is no script(1) to make a terminal with");
  const server = await serverOf("sqlite");
  using shell = openShell();
  const person = await makePerson(server);
  const password = "a hidden password";
  const args = ["changepassword", person.username, ...server.databaseArgs];
  const shown = await answer(shell, args, [
    [/assword.*: /, password],
    [/[Aa]gain.*: /, password],
  ]);
  await logIn(server, { ...person, password });
  assert.ok(!shown.includes(password), shown);
});

forEachKind((kind) => {
  test(`createadmin before the first start spares the first login (${kind})`, async () => {
    await using fresh = await freshLocation(kind);
    using folder = freshFolder();
    using shell = openShell();
    const database = fresh.location.kind === "postgres" ? ["--database", fresh.location.url] : [];
    const databaseArgs = ["--data", folder.folder, ...database];
    const args = ["createadmin", "--username", "ada", "--email", "ada@example.com", ...databaseArgs];
    const made = await shell.ironlog(args, { input: "a password 1\n" });
    assert.equal(made.code, 0, made.stderr);
    await using server = serve(databaseArgs);
    const url = await readyAt(server);
    assert.ok(!existsSync(path.join(folder.folder, "first-login")));
    assert.equal((await tryLogIn({ url }, { username: "ada", password: "a password 1" })).status, 204);
  });
});
