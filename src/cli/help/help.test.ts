import assert from "node:assert/strict";
import { test } from "node:test";
import { startClient } from "../../../test/support/cli/client-setting.ts";

test("the main help names every command, the profiles with their URLs, and examples", async () => {
  await using world = await startClient();
  await world.login();
  for (const option of ["-h", "--help"]) {
    const { status, stdout, stderr } = await world.run([option]);
    assert.equal(status, 0);
    assert.equal(stderr, "");
    for (const command of ["serve", "createadmin", "apikey", "changepassword"]) {
      assert.match(stdout, new RegExp(`^  ${command} +\\S`, "m"));
    }
    for (const command of ["login", "list", "refresh", "logout", "completion"]) {
      assert.match(stdout, new RegExp(`^  ${command} +\\S`, "m"));
    }
    assert.ok(stdout.includes(`prod  Interact with ${world.server.url}/api/2.0/`));
    assert.match(stdout, /^Examples:\n(  ironlog .+\n)+/m);
    assert.doesNotMatch(stdout, /__complete|--debug/);
  }
});

test("without a word the main help goes to standard error, and the status is 2", async () => {
  await using world = await startClient();
  const { status, stdout, stderr } = await world.run([]);
  assert.equal(status, 2);
  assert.equal(stdout, "");
  assert.match(stderr, /^Usage: ironlog COMMAND/);
  assert.match(stderr, /too few arguments\n$/);
});

test("each client command explains itself, and does nothing else", async () => {
  await using world = await startClient();
  for (const command of ["login", "list", "refresh", "logout", "completion"]) {
    const { status, stdout } = await world.run([command, "--help"]);
    assert.equal(status, 0);
    assert.match(stdout, new RegExp(`^Usage: ironlog ${command}`));
  }
  assert.deepEqual(world.server.asked, []);
});

test("a profile's help lists its resources with what they are", async () => {
  await using world = await startClient();
  await world.login();
  const { status, stdout } = await world.run(["prod", "--help"]);
  assert.equal(status, 0);
  assert.match(stdout, /^Usage: ironlog prod RESOURCE OPERATION/);
  assert.ok(stdout.includes(`Interact with ${world.server.url}/api/2.0/`));
  for (const name of ["account", "events", "node-scripts", "sshkeys", "version"]) {
    assert.match(stdout, new RegExp(`^  ${name} +What \\w+ is\\.$`, "m"));
  }
});

test("a resource's help lists its operations with their words", async () => {
  await using world = await startClient();
  await world.login();
  const { stdout } = await world.run(["prod", "user", "-h"]);
  assert.match(stdout, /^Usage: ironlog prod user OPERATION/);
  assert.match(stdout, /More about it\./);
  assert.match(stdout, /^  read USERNAME +Read a user$/m);
  assert.match(stdout, /^  delete USERNAME +Delete a user$/m);
});

test("an operation's help has its words, its parameters and the options", async () => {
  await using world = await startClient();
  await world.login();
  const { status, stdout } = await world.run(["prod", "user", "delete", "--help"]);
  assert.equal(status, 0);
  assert.match(stdout, /^Usage: ironlog prod user delete USERNAME \[KEY=VALUE \.\.\.\]\n\nDelete a user\n/);
  assert.match(stdout, /^Positional arguments:\n  USERNAME\n/m);
  assert.match(stdout, /^  transfer_resources_to=STRING +Optional\. The heir\.$/m);
  for (const option of ["-h, --help", "-d, --debug", "-k, --insecure"]) assert.ok(stdout.includes(`  ${option} `));
  assert.deepEqual(world.server.asked, []);
});

test("where words are missing, the help of as much as there is goes to standard error, and the status is 2", async () => {
  await using world = await startClient();
  await world.login();
  for (const words of [["prod"], ["prod", "events"]]) {
    const { status, stdout, stderr } = await world.run(words);
    assert.equal(status, 2);
    assert.equal(stdout, "");
    assert.ok(stderr.startsWith(`Usage: ironlog ${words.join(" ")} `));
    assert.match(stderr, /too few arguments\n$/);
  }
});

test("the version is the package's", async () => {
  await using world = await startClient();
  const { stdout } = await world.run(["--version"]);
  assert.match(stdout, /^ironlog \d+\.\d+\.\d+\n$/);
});

test("a failure is one line; its stack is shown to who asks for it", async () => {
  await using world = await startClient();
  await world.login();
  const words = ["prod", "node-scripts", "create", "script@=/no/such/file"];
  assert.match((await world.run(words)).stderr, /^Cannot read the file for 'script': ENOENT.+\n$/);
  assert.match((await world.run(["--debug", ...words])).stderr, /^ +at .+\n.*caused by: /ms);
});
