import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { test } from "node:test";
import { json, textAnswer } from "../../../test/support/cli/fake-server.ts";
import { parseApiRoot } from "./login.ts";
import { apiKey, environmentOf, startClient, runProgram } from "../../../test/support/cli/client-setting.ts";
import { mainFile } from "../../../test/support/processes/program.ts";

test("logging in checks the key, learns what the server can do, and says how to go on", async () => {
  await using world = await startClient();
  const { status, stdout, stderr } = await world.run(["login", "prod", world.server.url, apiKey]);
  assert.equal(stderr, "");
  assert.equal(status, 0);
  assert.match(stdout, /Logged in to http:\/\/127\.0\.0\.1:\d+\/MAAS\/api\/2\.0\/ as profile 'prod'/);
  assert.match(stdout, /ironlog prod --help/);
  const [whoami, describe, own, ...others] = world.server.asked;
  assert.equal(whoami?.url, "/MAAS/api/2.0/users/?op=whoami");
  assert.match(
    whoami?.headers.authorization ?? "",
    /^OAuth oauth_nonce="\d{16,}", oauth_timestamp="\d{10}", oauth_version="1\.0", oauth_signature_method="PLAINTEXT", oauth_consumer_key="consumer", oauth_token="token", oauth_signature="%26secret"$/,
  );
  assert.match(whoami?.headers["user-agent"] ?? "", /^ironlog\/\d+\.\d+\.\d+ \(Node \d+\.\d+\.\d+\)$/);
  assert.equal(describe?.url, "/MAAS/api/2.0/describe/");
  assert.equal(describe?.headers.authorization, undefined);
  assert.equal(own?.url, "/api/v1/openapi.json");
  assert.equal(own?.headers.authorization, undefined);
  assert.deepEqual(others, []);
});

test("the profile's file and folders are for their owner alone, and no draft is left", async () => {
  await using world = await startClient();
  await world.login();
  const folder = path.join(world.folder, "profiles");
  assert.deepEqual(fs.readdirSync(folder), ["prod.json"]);
  assert.equal(fs.statSync(folder).mode & 0o777, 0o700);
  assert.equal(fs.statSync(path.join(folder, "prod.json")).mode & 0o777, 0o600);
});

test("profiles live below XDG_CONFIG_HOME, or below ~/.config", async () => {
  await using world = await startClient();
  const { PATH } = environmentOf(world.folder);
  const login = [mainFile, "login", "prod", world.server.url, apiKey];
  const config = path.join(world.folder, "config");
  await runProgram(process.execPath, login, { PATH, HOME: world.folder, XDG_CONFIG_HOME: config });
  await runProgram(process.execPath, login, { PATH, HOME: world.folder });
  assert.ok(fs.existsSync(path.join(config, "ironlog", "profiles", "prod.json")));
  assert.ok(fs.existsSync(path.join(world.folder, ".config", "ironlog", "profiles", "prod.json")));
});

test("a rejected key ends in status 1 and leaves no profile", async () => {
  await using world = await startClient();
  world.server.answers.set("users/?op=whoami", textAnswer(401, "Authorization Error: Invalid API key."));
  const { status, stdout, stderr } = await world.run(["login", "prod", world.server.url, apiKey]);
  assert.equal(status, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /rejected your API key/);
  assert.equal((await world.run(["list"])).stdout, "");
});

test("a server that isn't known by the name in the URL says how to mend it", async () => {
  await using world = await startClient();
  world.server.answers.set("users/?op=whoami", textAnswer(421, "Start it with\u001b[2J --allowed-host maas.example."));
  const { status, stderr } = await world.run(["login", "prod", world.server.url, apiKey]);
  assert.equal(status, 1);
  assert.match(stderr, /refuses this address: Start it with \[2J --allowed-host maas\.example\./);
});

test("an unexpected answer to the check of the key is named", async () => {
  await using world = await startClient();
  world.server.answers.set("users/?op=whoami", textAnswer(404, "Not Found"));
  const { status, stderr } = await world.run(["login", "prod", world.server.url, apiKey]);
  assert.equal(status, 1);
  assert.match(stderr, /unexpected response: 404 Not Found/);
});

test("a redirection is not followed: the key stays with the host it was given to", async () => {
  await using world = await startClient();
  await using elsewhere = await startClient();
  const place = `${elsewhere.server.url}/api/2.0/users/?op=whoami`;
  world.server.answers.set("users/?op=whoami", { status: 302, headers: { Location: place } });
  const { status, stderr } = await world.run(["login", "prod", world.server.url, apiKey]);
  assert.equal(status, 1);
  assert.ok(stderr.includes(`302 Found, which points to ${place}`));
  assert.deepEqual(elsewhere.server.asked, []);
});

test("a description of another type, or none, ends in status 1 and leaves no profile", async () => {
  await using world = await startClient();
  for (const [answer, message] of [
    [{ headers: { "Content-Type": "text/html" }, body: "<p>" }, /Expected application\/json, got: text\/html/],
    [textAnswer(503, "Later."), /503 Service Unavailable:\nLater\./],
    [json({ resources: "none" }), /resources is no list/],
    [{ headers: { "Content-Type": "application/json" }, body: "{" }, /cannot be understood/],
  ] as const) {
    world.server.answers.set("describe/", answer);
    const { status, stderr } = await world.run(["login", "prod", world.server.url, apiKey]);
    assert.equal(status, 1);
    assert.match(stderr, message);
  }
  assert.equal((await world.run(["list"])).stdout, "");
});

test("a dash stands for the first line of standard input", async () => {
  await using world = await startClient();
  const { status } = await world.run(["login", "prod", world.server.url, "-"], `${apiKey}\nsecond line\n`);
  assert.equal(status, 0);
  assert.ok((await world.run(["list"])).stdout.endsWith(`${apiKey}\n`));
});

test("an empty key makes a profile that signs nothing and knows what is open to everybody", async () => {
  await using world = await startClient();
  const { status, stdout } = await world.run(["login", "open", world.server.url, "-"], "\n");
  assert.equal(status, 0);
  assert.match(stdout, /without an API key/);
  assert.match((await world.run(["list"])).stdout, /^open http:\S+\n$/);
  await world.run(["open", "version", "read"]);
  assert.deepEqual(
    world.server.asked.map(({ url, headers }) => [url, headers.authorization]),
    [
      ["/MAAS/api/2.0/describe/", undefined],
      ["/api/v1/openapi.json", undefined],
      ["/MAAS/api/2.0/version/", undefined],
    ],
  );
  const { status: refused, stderr } = await world.run(["open", "events", "query"]);
  assert.equal(refused, 2);
  assert.match(stderr, /no resource 'events'/);
});

test("without a key and without a terminal to ask on, nothing is guessed", async () => {
  await using world = await startClient();
  const { status, stderr } = await world.run(["login", "prod", world.server.url]);
  assert.equal(status, 2);
  assert.match(stderr, /No API key/);
  assert.deepEqual(world.server.asked, []);
});

test("a malformed key, URL or name is refused before anything is sent", async () => {
  await using world = await startClient();
  const { url } = world.server;
  for (const [args, message] of [
    [["prod", url, "only:two"], /CONSUMER:TOKEN:SECRET/],
    [["prod", "localhost:5240/MAAS", apiKey], /'localhost:5240\/MAAS' is no URL/],
    [["prod"], /PROFILE URL \[APIKEY\]/],
    [["serve", url, apiKey], /'serve' is a command/],
    [["list", url, apiKey], /'list' is a command/],
    [["--", "-x", url, apiKey], /cannot begin with '-'/],
    [["../prod", url, apiKey], /cannot begin with '\.'/],
    [["a/b", url, apiKey], /cannot contain slashes/],
    [["", url, apiKey], /needs a name/],
    [["prod", url, apiKey, "--nonsense"], /--nonsense/],
  ] as const) {
    const { status, stderr } = await world.run(["login", ...args]);
    assert.equal(status, 2, stderr);
    assert.match(stderr, message);
  }
  assert.deepEqual(world.server.asked, []);
});

test("logging in again replaces the profile", async () => {
  await using world = await startClient();
  await world.login();
  await world.run(["login", "prod", world.server.url, "other:token:secret"]);
  assert.match((await world.run(["list"])).stdout, /^prod \S+ other:token:secret\n$/);
});

test("the URL may be the web page's or the API's", () => {
  assert.equal(parseApiRoot("http://maas:5240/MAAS"), "http://maas:5240/MAAS/api/2.0/");
  assert.equal(parseApiRoot("http://maas:5240/MAAS/"), "http://maas:5240/MAAS/api/2.0/");
  assert.equal(parseApiRoot("https://maas/MAAS/api/2.0"), "https://maas/MAAS/api/2.0/");
  assert.equal(parseApiRoot("https://maas/MAAS/api/2.0/"), "https://maas/MAAS/api/2.0/");
  assert.equal(parseApiRoot("http://[::1]:5240/MAAS/?next=#top"), "http://[::1]:5240/MAAS/api/2.0/");
});
