import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { test } from "node:test";
import { json, textAnswer } from "../../../test/support/cli/fake-server.ts";
import { startClient } from "../../../test/support/cli/client-setting.ts";

test("a query goes out with op first, arguments in their order, repeats kept, blanks as plus", async () => {
  await using world = await startClient();
  await world.login();
  const pairs = ["level=AUDIT", "hostname=b a", "hostname=a+c", "owner=ada@x=y", "name=é~", "empty="];
  const { status } = await world.run(["prod", "events", "query", ...pairs]);
  assert.equal(status, 0);
  const [asked, ...others] = world.server.asked;
  assert.equal(
    asked?.url,
    "/MAAS/api/2.0/events/?op=query&level=AUDIT&hostname=b+a&hostname=a%2Bc&owner=ada%40x%3Dy&name=%C3%A9~&empty=",
  );
  assert.equal(asked.method, "GET");
  assert.match(asked.headers.authorization ?? "", /^OAuth oauth_nonce=/);
  assert.equal(asked.headers["accept"], undefined);
  assert.deepEqual(others, []);
});

test("into a pipe goes exactly the body", async () => {
  await using world = await startClient();
  await world.login();
  const body = '{\n    "count": 1,\n    "events": ["é"]\n}';
  world.server.answers.set("*", { headers: { "Content-Type": "application/json; charset=utf-8" }, body });
  assert.deepEqual(await world.run(["prod", "events", "query"]), { status: 0, stdout: body, stderr: "" });
});

test("a refusal's words go to standard output, and the status is 2", async () => {
  await using world = await startClient();
  await world.login();
  world.server.answers.set("*", textAnswer(400, "Unrecognised log level: audit"));
  assert.deepEqual(await world.run(["prod", "events", "query", "level=audit"]), {
    status: 2,
    stdout: "Unrecognised log level: audit",
    stderr: "",
  });
});

test("a failure without words is named on standard error when nobody sees standard output", async () => {
  await using world = await startClient();
  await world.login();
  world.server.answers.set("*", textAnswer(502, ""));
  assert.deepEqual(await world.run(["prod", "events", "query"]), {
    status: 2,
    stdout: "",
    stderr: "Request failed with code 502: Bad Gateway\n",
  });
});

test("a 401 tells how to log in again, a redirection where it points", async () => {
  await using world = await startClient();
  await world.login();
  world.server.answers.set("*", textAnswer(401, "Authorization Error: Invalid API key."));
  const rejected = await world.run(["prod", "events", "query"]);
  assert.equal(rejected.status, 2);
  assert.equal(rejected.stdout, "Authorization Error: Invalid API key.");
  assert.ok(rejected.stderr.includes(`ironlog login prod ${world.server.url}/api/2.0/`));
  world.server.answers.set("*", { status: 301, headers: { Location: "https://other/", "Content-Type": "text/html" } });
  const moved = await world.run(["prod", "events", "query"]);
  assert.equal(moved.status, 2);
  assert.match(moved.stderr, /points to https:\/\/other\//);
});

test("a POST without arguments has no body and no type, but says its length", async () => {
  await using world = await startClient();
  await world.login();
  await world.run(["prod", "account", "create-authorisation-token"]);
  const [asked] = world.server.asked;
  assert.equal(asked?.method, "POST");
  assert.equal(asked.url, "/MAAS/api/2.0/account/?op=create_authorisation_token");
  assert.equal(asked.headers["content-length"], "0");
  assert.equal(asked.headers["content-type"], undefined);
  assert.equal(asked.body, "");
});

test("a POST with arguments is multipart, a file in it an upload named after its key", async () => {
  await using world = await startClient();
  await world.login();
  const file = path.join(world.folder, "a script.sh");
  fs.writeFileSync(file, Buffer.from([0x23, 0x21, 0x00, 0xff, 0x0d, 0x0a]));
  await world.run(["prod", "node-scripts", "create", "name=wipe=all", `script@=${file}`, "tag=ü"]);
  const [asked] = world.server.asked;
  assert.equal(asked?.url, "/MAAS/api/2.0/scripts/");
  const boundary = /^multipart\/form-data; boundary=(\S+)$/.exec(asked.headers["content-type"] ?? "")?.[1];
  assert.equal(
    asked.body,
    [
      `--${boundary}`,
      'Content-Disposition: form-data; name="name"',
      "",
      "wipe=all",
      `--${boundary}`,
      'Content-Disposition: form-data; name="script"; filename="script"',
      "Content-Type: application/octet-stream",
      "",
      "#!\u0000\u00ff\r\n",
      `--${boundary}`,
      'Content-Disposition: form-data; name="tag"',
      "",
      "\u00c3\u00bc",
      `--${boundary}--`,
      "",
    ].join("\r\n"),
  );
  assert.equal(asked.headers["content-length"], String(asked.body.length));
});

test("a PUT sends its arguments like a POST, its name in the path, encoded", async () => {
  await using world = await startClient();
  await world.login();
  await world.run(["prod", "node-script", "update", "a b/ü?", "title=x"]);
  const [asked] = world.server.asked;
  assert.equal(asked?.method, "PUT");
  assert.equal(asked.url, "/MAAS/api/2.0/scripts/a%20b%2F%C3%BC%3F");
  assert.match(asked.body, /name="title"\r\n\r\nx\r\n/);
});

test("a DELETE has its arguments in the query and no body", async () => {
  await using world = await startClient();
  await world.login();
  world.server.answers.set("*", { status: 204, headers: { "Content-Type": "text/plain" } });
  const outcome = await world.run(["prod", "user", "delete", "bob", "transfer_resources_to=al"]);
  assert.deepEqual(outcome, { status: 0, stdout: "", stderr: "" });
  const [asked] = world.server.asked;
  assert.equal(asked?.method, "DELETE");
  assert.equal(asked.url, "/MAAS/api/2.0/users/bob/?transfer_resources_to=al");
  assert.equal(asked.headers["content-type"], undefined);
  assert.equal(asked.body, "");
});

test("a file's bytes can be a query's value", async () => {
  await using world = await startClient();
  await world.login();
  const file = path.join(world.folder, "bytes");
  fs.writeFileSync(file, Buffer.from([0x61, 0x20, 0xff]));
  await world.run(["prod", "events", "query", `owner@=${file}`]);
  assert.equal(world.server.asked[0]?.url, "/MAAS/api/2.0/events/?op=query&owner=a+%FF");
});

test("a file's last line end is no part of a query's value", async () => {
  await using world = await startClient();
  await world.login();
  const file = path.join(world.folder, "owner");
  for (const [text, query] of [
    ["bob\n", "bob"],
    ["bob\r\n", "bob"],
    ["bob\n\n", "bob%0A"],
    ["\n", ""],
  ] as const) {
    fs.writeFileSync(file, text);
    await world.run(["prod", "events", "query", `owner@=${file}`]);
    assert.ok(world.server.asked.at(-1)?.url.endsWith(`owner=${query}`), JSON.stringify(text));
  }
});

test("sshkeys import takes its sources as bare words", async () => {
  await using world = await startClient();
  await world.login();
  await world.run(["prod", "sshkeys", "import", "lp:ada"]);
  await world.run(["prod", "sshkeys", "import", "keysource=gh:ada"]);
  const [bare, named] = world.server.asked;
  assert.equal(bare?.url, "/MAAS/api/2.0/account/prefs/sshkeys/?op=import");
  assert.match(bare.body, /name="keysource"\r\n\r\nlp:ada\r\n/);
  assert.match(named?.body ?? "", /name="keysource"\r\n\r\ngh:ada\r\n/);
});

test("an argument that is no pair ends in status 1, nothing sent", async () => {
  await using world = await startClient();
  await world.login();
  for (const word of ["AUDIT", "=AUDIT"]) {
    const { status, stdout, stderr } = await world.run(["prod", "events", "query", word]);
    assert.equal(status, 1);
    assert.equal(stdout, "");
    assert.equal(stderr, `'${word}' is not a name=value or name@=filename pair\n`);
  }
  assert.deepEqual(world.server.asked, []);
});

test("a missing word, an empty name, an unreadable file and an unknown option end in status 2, nothing sent", async () => {
  await using world = await startClient();
  await world.login();
  for (const [args, message] of [
    [["user", "delete"], /too few arguments: 'user delete' also needs USERNAME/],
    [["user", "delete", ""], /USERNAME cannot be ''/],
    [["user", "delete", ".."], /USERNAME cannot be '\.\.'/],
    [["node-scripts", "create", "script@=/no/such/file"], /Cannot read the file for 'script': ENOENT/],
    [["events", "query", "--levle"], /--levle/],
  ] as const) {
    const { status, stderr } = await world.run(["prod", ...args]);
    assert.equal(status, 2);
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /^ +at /m);
  }
  assert.deepEqual(world.server.asked, []);
});

test("-d shows status and headers on standard error, sorted and aligned, and leaves standard output as it is", async () => {
  await using world = await startClient();
  await world.login();
  world.server.answers.set("*", {
    headers: { "x-maas-api-hash": "5cfe2bd0", "content-type": "text/plain" },
    body: "OK",
  });
  for (const option of ["-d", "--debug"]) {
    const { stdout, stderr } = await world.run(["prod", option, "users", "create"]);
    assert.equal(stdout, "OK");
    const lines = stderr.split("\n");
    assert.deepEqual(lines.slice(0, 4), ["200 OK", "", "       Connection: close", "     Content-Type: text/plain"]);
    assert.deepEqual(lines.slice(-3), ["  X-Maas-Api-Hash: 5cfe2bd0", "", ""]);
  }
});

test("a server that can do other things by now is pointed out, and the answer and the status stay", async () => {
  await using world = await startClient();
  await world.login();
  const answer = json({ count: 0 });
  world.server.answers.set("*", { ...answer, headers: { ...answer.headers, "X-MAAS-API-Hash": "5cfe2bd0" } });
  assert.equal((await world.run(["prod", "events", "query"])).stderr, "");
  world.server.answers.set("*", { ...answer, headers: { ...answer.headers, "X-MAAS-API-Hash": "other" } });
  const { status, stdout, stderr } = await world.run(["prod", "events", "query"]);
  assert.equal(status, 0);
  assert.equal(stdout, answer.body);
  const lines = stderr.trimEnd().split("\n");
  assert.equal(lines[0], "*".repeat(70));
  assert.equal(lines.at(-1), "*".repeat(70));
  assert.ok(lines.slice(1, -1).every((line) => line.startsWith("*** ")));
  assert.match(stderr, /ironlog refresh/);
});

test("what the server warns of goes to standard error, and the answer and the status stay", async () => {
  await using world = await startClient();
  await world.login();
  const answer = json({ count: 0 });
  const warning = String.raw`299 - "user_data is ignored: no, it isn't", 299 - "say \"erase\""`;
  world.server.answers.set("*", { ...answer, headers: { ...answer.headers, warning } });
  const { status, stdout, stderr } = await world.run(["prod", "events", "query"]);
  assert.deepEqual([status, stdout], [0, answer.body]);
  assert.equal(stderr, `WARNING: user_data is ignored: no, it isn't\nWARNING: say "erase"\n`);
});

test("a slip in a parameter's name is pointed out: the server would ignore it and show everybody's events", async () => {
  await using world = await startClient();
  await world.login();
  const { status, stderr } = await world.run(["prod", "events", "query", "onwer=bob"]);
  assert.equal(status, 0);
  assert.match(stderr, /'query' has no parameter 'onwer'.*Did you mean 'owner'\?/);
});

test("a parameter that the operation doesn't describe is warned of, and 'owner' is named for a user's name", async () => {
  await using world = await startClient();
  await world.login();
  for (const [words, says] of [
    [["events", "query", "username=jane", "level=AUDIT"], /no parameter 'username'.*Did you mean 'owner'\?/],
    [["events", "query", "user=jane"], /no parameter 'user'.*Did you mean 'owner'\?/],
    [["events", "query", "colour=red"], /no parameter 'colour', which the server may ignore\.\n$/],
    [["users", "whoami", "colour=red"], /'whoami' has no parameter 'colour'/],
  ] as const) {
    const { status, stderr } = await world.run(["prod", ...words]);
    assert.equal(status, 0);
    assert.match(stderr, says);
    assert.equal(stderr.trim().split("\n").length, 1, stderr);
  }
  assert.equal((await world.run(["prod", "events", "query", "owner=jane", "format=json"])).stderr, "");
});

test("an unknown profile, resource or operation ends in status 2, with what was probably meant", async () => {
  await using world = await startClient();
  await world.login();
  for (const [args, ...messages] of [
    [["prdo", "events"], /Did you mean 'prod'\?/, /ironlog login prdo URL/],
    [["prod", "evens", "query"], /no resource 'evens'\. Did you mean 'events'\?/],
    [["prod", "user", "remove"], /no operation 'remove'/, /ironlog prod user --help/],
    [["prod", "constructor", "x"], /no resource 'constructor'/],
    [["../prod", "events", "query"], /neither a command nor a profile/],
  ] as const) {
    const { status, stdout, stderr } = await world.run(args);
    assert.equal(status, 2);
    assert.equal(stdout, "");
    for (const message of messages) assert.match(stderr, message);
  }
});
