import assert from "node:assert/strict";
import { test } from "node:test";
import { startClient, runProgram, environmentOf } from "../../../test/support/cli/client-setting.ts";
import { logSubcommands } from "../../transparency/commands/log-command.ts";
import { root } from "../../../test/support/processes/program.ts";
import type { ClientSetting } from "../../../test/support/cli/client-setting.ts";

async function complete(world: ClientSetting, ...words: readonly string[]): Promise<readonly string[]> {
  const { status, stdout, stderr } = await world.run(["__complete", ...words]);
  assert.equal(status, 0);
  assert.equal(stderr, "");
  return stdout.split("\n").slice(0, -1);
}

test("commands and profiles complete the first word", async () => {
  await using world = await startClient();
  await world.login();
  assert.deepEqual(await complete(world, "l"), ["log", "login", "list", "logout"]);
  assert.deepEqual(await complete(world, "pr"), ["prod"]);
  assert.ok((await complete(world, "")).includes("serve"));
  assert.ok(!(await complete(world, "")).includes("__complete"));
  assert.deepEqual(await complete(world, "--v"), ["--version"]);
});

test("commands of two words complete the second one", async () => {
  await using world = await startClient();
  assert.deepEqual(await complete(world, "log", ""), [...Object.keys(logSubcommands), "export", "import"]);
  assert.deepEqual(await complete(world, "log", "check-"), ["check-proof", "check-bundle"]);
  assert.deepEqual(await complete(world, "log", "verify", ""), []);
  assert.deepEqual(await complete(world, "events", "e"), ["export"]);
});

test("resources, operations, parameters and options complete what follows a profile", async () => {
  await using world = await startClient();
  await world.login();
  assert.deepEqual(await complete(world, "prod", "user"), ["user", "users"]);
  assert.deepEqual(await complete(world, "prod", "users", ""), ["create", "read", "whoami"]);
  assert.deepEqual(await complete(world, "prod", "events", "query", "l"), ["level=", "limit="]);
  assert.deepEqual(await complete(world, "prod", "-d", "events", "query", "level=AUDIT", "o"), ["owner="]);
  assert.deepEqual(await complete(world, "prod", "events", "query", "--d"), ["--debug"]);
});

test("a word of the path comes before the parameters", async () => {
  await using world = await startClient();
  await world.login();
  assert.deepEqual(await complete(world, "prod", "user", "delete", ""), []);
  assert.deepEqual(await complete(world, "prod", "user", "delete", "bob", ""), ["transfer_resources_to="]);
});

test("client commands complete with profiles and their options", async () => {
  await using world = await startClient();
  await world.login();
  assert.deepEqual(await complete(world, "logout", ""), ["prod"]);
  assert.deepEqual(await complete(world, "completion", ""), ["bash", "zsh", "fish"]);
  assert.deepEqual(await complete(world, "login", "--c"), ["--cacerts"]);
});

test("`report` completes with its options, the profiles and the formats", async () => {
  await using world = await startClient();
  await world.login();
  assert.deepEqual(await complete(world, "report", "--s"), ["--source", "--spool", "--spool-size"]);
  assert.deepEqual(await complete(world, "report", "--profile", ""), ["prod"]);
  assert.deepEqual(await complete(world, "report", "--profile", "prod", "--format", "j"), ["json", "journald"]);
  assert.deepEqual(await complete(world, "report", ""), []);
});

test("what is unknown completes to nothing", async () => {
  await using world = await startClient();
  assert.deepEqual(await complete(world, "nobody", ""), []);
  assert.deepEqual(await complete(world), await complete(world, ""));
});

test("bash completes with the printed script, under both names and after key@=", async () => {
  await using world = await startClient();
  await world.login();
  const inBash = async (name: string, line: string) => {
    const program = `
      eval "$(${root}/bin/${name} completion bash)"
      complete -p ironlog maas > /dev/null || exit 1
      COMP_LINE=$1 COMP_POINT=\${#1}
      _ironlog ${root}/bin/${name}
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { status, stdout, stderr } = await runProgram(
      "bash",
      ["-c", program, "bash", line],
      environmentOf(world.folder),
    );
    assert.equal(status, 0, stderr);
    return stdout.split("\n").slice(0, -1);
  };
  assert.deepEqual(await inBash("ironlog", "ironlog prod eve"), ["events"]);
  assert.deepEqual(await inBash("maas", "maas prod events query level=AUDIT own"), ["owner="]);
  assert.deepEqual(
    await inBash("ironlog", "ironlog prod node-scripts create script@=/etc/host"),
    await filesLike("/etc/host"),
  );
});

async function filesLike(start: string): Promise<readonly string[]> {
  const { stdout } = await runProgram("bash", ["-c", `compgen -f -- ${start}`], { ...process.env });
  return stdout.split("\n").slice(0, -1);
}

test("another shell is refused, naming those there are", async () => {
  await using world = await startClient();
  const { status, stderr } = await world.run(["completion", "tcsh"]);
  assert.equal(status, 2);
  assert.match(stderr, /There are: bash, zsh, fish\n/);
});
