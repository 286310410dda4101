import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { test } from "node:test";
import { fakeDescription } from "../../../test/support/cli/fake-description.ts";
import { json, textAnswer } from "../../../test/support/cli/fake-server.ts";
import { apiKey, startClient } from "../../../test/support/cli/client-setting.ts";

test("list shows name, URL and key of each profile, one a line", async () => {
  await using world = await startClient();
  await world.run(["login", "prod", world.server.url, apiKey]);
  await world.run(["login", "lab", world.server.url, ""]);
  const root = `${world.server.url}/api/2.0/`;
  const { status, stdout } = await world.run(["list"]);
  assert.equal(status, 0);
  assert.equal(stdout, `lab ${root}\nprod ${root} ${apiKey}\n`);
});

test("list without any profile prints nothing", async () => {
  await using world = await startClient();
  assert.deepEqual(await world.run(["list"]), { status: 0, stdout: "", stderr: "" });
});

test("a profile that others can read is used, with a warning that names the mend", async () => {
  await using world = await startClient();
  await world.login();
  const file = path.join(world.folder, "profiles", "prod.json");
  fs.chmodSync(file, 0o640);
  const { status, stderr } = await world.run(["prod", "events", "query"]);
  assert.equal(status, 0);
  assert.ok(stderr.includes(`chmod 600 '${file}'`));
  assert.equal(fs.statSync(file).mode & 0o777, 0o640);
});

test("a damaged profile says which file and how to make it anew; the others still work", async () => {
  await using world = await startClient();
  await world.login();
  const file = path.join(world.folder, "profiles", "bad.json");
  for (const content of ["{", "[]", "{}", '{"url": "http://x/", "key": "1:2", "api": {"resources": {}}}']) {
    fs.writeFileSync(file, content, { mode: 0o600 });
    const { status, stderr } = await world.run(["bad", "events", "query"]);
    assert.equal(status, 2);
    assert.ok(stderr.includes(file) && stderr.includes("ironlog login bad URL"), stderr);
  }
  const list = await world.run(["list"]);
  assert.equal(list.status, 2);
  assert.match(list.stdout, /^prod /);
  assert.match((await world.run(["--help"])).stdout, /bad +\(damaged: ironlog login bad URL\)/);
  assert.match((await world.run(["prod", "events", "query"])).stdout, /"count": 0/);
});

test("logout removes the profile; one that is not there is no failure, no profiles at all is", async () => {
  await using world = await startClient();
  assert.equal((await world.run(["logout", "prod"])).status, 2);
  await world.login();
  assert.deepEqual(await world.run(["logout", "prod"]), { status: 0, stdout: "", stderr: "" });
  assert.equal((await world.run(["list"])).stdout, "");
  const again = await world.run(["logout", "prod"]);
  assert.equal(again.status, 0);
  assert.match(again.stderr, /no profile 'prod'/);
});

test("refresh learns what the servers can do by now", async () => {
  await using world = await startClient();
  await world.login();
  const { resources } = fakeDescription();
  world.server.answers.set("describe/", json({ hash: "new", resources: resources.slice(0, 1) }));
  assert.deepEqual(await world.run(["refresh"]), { status: 0, stdout: "", stderr: "" });
  assert.equal((await world.run(["prod", "events", "query"])).status, 2);
  assert.equal((await world.run(["prod", "account", "create-authorisation-token"])).status, 0);
  assert.match((await world.run(["list"])).stdout, new RegExp(`${apiKey}\n$`));
});

test("refresh goes on after a server that fails, and keeps that one's profile", async () => {
  await using world = await startClient();
  await using other = await startClient();
  await world.run(["login", "alpha", other.server.url, apiKey]);
  await world.login();
  other.server.answers.set("describe/", textAnswer(500, "Broken."));
  const { status, stderr } = await world.run(["refresh"]);
  assert.equal(status, 1);
  assert.match(stderr, /'alpha' was not refreshed.*500 Internal Server Error/s);
  assert.deepEqual(
    world.server.asked.map(({ url }) => url),
    ["/MAAS/api/2.0/describe/", "/api/v1/openapi.json"],
  );
  assert.equal((await world.run(["alpha", "events", "query"])).status, 0);
});
