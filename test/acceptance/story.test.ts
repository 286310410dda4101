import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test, type TestContext } from "node:test";
import { hasProgram, ironlogFile, openShell, run, type Shell } from "../support/processes/command.ts";
import { freshFolder } from "../support/databases/databases.ts";
import { forEachKind } from "../support/each-kind.ts";
import { send } from "../support/clients/http-client.ts";
import type { MaasEvent, MaasPage } from "../support/clients/maas-client.ts";
import { logIn } from "../support/clients/native-client.ts";
import { newApiKey } from "../support/worlds/people.ts";
import { ironlogWords, startProcess } from "../support/processes/program.ts";
import { startServerProcess, type ServerProcess } from "../support/server.ts";

// The specification's own story, as D2 tells it, with the real executable.

const username = "johnnybegood";
const [oldPassword, newPassword] = ["go johnny go", "johnny be good"];

type PasswordChange = (server: ServerProcess, shell: Shell) => Promise<void>;

const overNativeApi: PasswordChange = async (server) => {
  const session = await logIn(server, { username, password: oldPassword });
  const answer = await session.ask("PUT", "account/password", { old_password: oldPassword, new_password: newPassword });
  assert.equal(answer.status, 204, answer.text);
};

/** Needs an API key, whose making is one act more. */
const withCommand: PasswordChange = async (server, shell) => {
  await logIn(server, { username, password: oldPassword });
  const key = await newApiKey(server, { username, password: oldPassword });
  assert.equal((await shell.ironlog(["login", "johnny", `${server.url}/MAAS/`, "-"], { input: `${key}\n` })).code, 0);
  const passwords = [`old_password=${oldPassword}`, `new_password=${newPassword}`];
  const { code, stdout } = await shell.ironlog(["johnny", "account", "change-password", ...passwords]);
  assert.equal(code, 0, stdout);
};

/** Tells the story up to the query. */
async function tell(server: ServerProcess, shell: Shell, changePassword: PasswordChange): Promise<void> {
  const loggedIn = await shell.ironlog(["login", "admin", `${server.url}/MAAS/`, server.firstLogin.apiKey]);
  assert.equal(loggedIn.code, 0, loggedIn.stderr);
  const administrator = await logIn(server, server.firstLogin);
  const user = [`username=${username}`, "email=johnny@example.com", `password=${oldPassword}`, "is_superuser=0"];
  const created = await shell.ironlog(["admin", "users", "create", ...user]);
  assert.equal(created.code, 0, created.stdout);
  const out = await administrator.send("/MAAS/accounts/logout/", { method: "POST", body: "" });
  assert.equal(out.status, 204);
  await changePassword(server, shell);
  await logIn(server, { username, password: newPassword });
}

const query = ["admin", "events", "query", "level=AUDIT", `owner=${username}`];

function assertThreeEvents(page: MaasPage): void {
  const told = page.events.map(({ id: _id, created, ...rest }) => {
    assert.match(created, /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2}\. \d{4} \d\d:\d\d:\d\d$/);
    return rest;
  });
  const event = (description: string): Omit<MaasEvent, "id" | "created"> => ({
    username,
    node: null,
    hostname: "",
    level: "AUDIT",
    type: "Authorisation",
    description,
  });
  assert.deepEqual(told, [
    event(`User '${username}' logged in.`),
    event(`Password changed for '${username}'.`),
    event(`User '${username}' logged in.`),
  ]);
}

forEachKind((kind) => {
  test(`the specification's story gives its three events, byte for byte (${kind})`, async (t: TestContext) => {
    await using server = await startServerProcess({ kind });
    using shell = openShell();
    await tell(server, shell, overNativeApi);
    const { code, stdout, stderr } = await shell.ironlog(query);
    assert.equal(code, 0, stdout + stderr);
    assert.equal(stderr, "");
    const page = JSON.parse(stdout) as MaasPage;
    assertThreeEvents(page);
    assert.equal(page.count, 3);
    // Keys in this order, indented by four, links with the request's parameters.
    const uri = `/MAAS/api/2.0/events/?op=query&level=AUDIT&owner=${username}`;
    const expected: MaasPage = {
      count: 3,
      events: page.events.map(({ id, level, created, type, description }) => ({
        username,
        node: null,
        hostname: "",
        id,
        level,
        created,
        type,
        description,
      })),
      next_uri: `${uri}&after=${page.events[0]?.id}`,
      prev_uri: `${uri}&before=${page.events[2]?.id}`,
    };
    assert.equal(stdout, JSON.stringify(expected, null, 4));
    await t.test("on a terminal two lines stand before it", async (onTerminal) => {
      if (!(await hasProgram("script"))) return onTerminal.skip("there is no script(1) to make a terminal with");
      const command = [ironlogFile, ...query].map((word) => `'${word}'`).join(" ");
      const shown = await run("script", ["-qec", command, "/dev/null"], { env: { ...shell.env, TERM: "dumb" } });
      assert.equal(shown.code, 0);
      assert.equal(shown.stdout.replaceAll("\r\n", "\n"), `Success.\nMachine-readable output follows:\n${stdout}\n`);
    });
  });

  test(`the story with account change-password has one event more: the key's (${kind})`, async () => {
    await using server = await startServerProcess({ kind });
    using shell = openShell();
    await tell(server, shell, withCommand);
    const page = JSON.parse((await shell.ironlog(query)).stdout) as MaasPage;
    const tokens = page.events.filter(({ description }) => description === "Created token.");
    assert.equal(tokens.length, 1);
    assertThreeEvents({ ...page, events: page.events.filter((event) => !tokens.includes(event)) });
  });

  test(`the commands that the first start shows work as they are shown (${kind})`, async () => {
    await using server = await startServerProcess({ kind });
    using shell = openShell();
    const commands = server.firstLogin.text.match(/^ +\S*\/ironlog .*$/gm) ?? [];
    assert.equal(commands.length, 2, server.firstLogin.text);
    for (const command of commands) {
      const { code, stdout, stderr } = await run("/bin/sh", ["-c", command.trim()], { env: shell.env, cwd: "/" });
      assert.equal(code, 0, `${command}: ${stdout}${stderr}`);
      if (command.includes("query")) assert.ok((JSON.parse(stdout) as MaasPage).count > 0);
    }
    assert.ok(server.firstLogin.text.includes(`${server.url}/MAAS/`), "they name the port that the server got");
  });
});

test("on a terminal the first start shows the login there, and writes no file", async (t: TestContext) => {
  if (!(await hasProgram("script"))) return t.skip("there is no script(1) to make a terminal with");
  using data = freshFolder();
  const command = `echo "pid $$"; exec ${ironlogWords.map((word) => `'${word}'`).join(" ")} serve --port 0 --data '${data.folder}'`;
  await using shown = startProcess({ command: "script", args: ["-qec", command, "/dev/null"] });
  const [, pid = ""] = await shown.until(/pid (\d+)\r/);
  const [, password = ""] = await shown.until(/password +(\S+)\r/);
  const [, apiKey = ""] = await shown.until(/API key +(\S+)\r/);
  const [, url = ""] = await shown.until(/ready at (http:\S+?)\/? /);
  assert.ok(!existsSync(`${data.folder}/first-login`));
  await logIn({ url }, { username: "admin", password });
  const answer = await send(url, "/api/v1/account", { headers: { authorization: `Bearer ${apiKey}` } });
  assert.equal(answer.status, 200);
  // The server outlives a terminal that is killed, and would write into the folder that is removed.
  process.kill(Number(pid), "SIGTERM");
  await shown.ended;
});
