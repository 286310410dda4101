import assert from "node:assert/strict";
import path from "node:path";
import { after, test, type TestContext } from "node:test";
import { run } from "../support/processes/command.ts";
import { forEachKind } from "../support/each-kind.ts";
import { keyServer } from "../support/key-server.ts";
import type { MaasClient } from "../support/clients/maas-client.ts";
import { admin, makePerson } from "../support/worlds/people.ts";
import { root } from "../support/processes/program.ts";
import { sharedServers } from "../support/server.ts";
import { BadArguments, readArguments } from "./checklist/arguments.ts";
import { checklist } from "./checklist/checklist.ts";
import { type RelayOptions, startRelay } from "./checklist/relay.ts";
import { judge } from "./checklist/statement.ts";
import { openWorld, type World } from "./checklist/world.ts";

// Every statement of the compatibility checklist against a server of each kind, and the runner that checks them against
// any server.

const serverOf = sharedServers();
const runner = path.join(root, "tools/conformance.ts");
const anyKey = "a:b:c";

test("the checklist has the statements 1 to 77, in their order", () => {
  assert.deepEqual(
    checklist.map(({ number }) => number),
    Array.from({ length: 77 }, (_, at) => at + 1),
  );
});

forEachKind((kind) => {
  let opened: Promise<World> | undefined;
  const complaints: string[] = [];
  const world = async (): Promise<World> => {
    const server = await serverOf(kind);
    opened ??= openWorld(server.url, server.firstLogin.apiKey, (sentence) => complaints.push(sentence));
    return opened;
  };
  after(async () => {
    await (await opened)?.[Symbol.asyncDispose]();
    assert.deepEqual(complaints, []);
  });

  for (const statement of checklist) {
    test(`${statement.number}. ${statement.sentence}`, async (t: TestContext) => {
      const verdict = await judge(statement, await world());
      if (verdict.state === "not checkable") return t.skip(verdict.why);
      if (verdict.state === "failed") assert.fail(`expected ${verdict.expected}\ncame ${verdict.came}`);
    });
  }

  test(`the runner checks all statements, exits with 0 and leaves nothing behind (${kind})`, async () => {
    const server = await serverOf(kind);
    const { maas } = admin(server);
    await world();
    const before = await everythingOn(maas);
    const { url, firstLogin } = server;
    const { code, stdout, stderr } = await run(process.execPath, [runner, "--url", url, "--apikey", firstLogin.apiKey]);
    const lines = stdout.trimEnd().split("\n");
    assert.deepEqual(
      lines.filter((line) => !line.startsWith("ok ")),
      ["77 of 77 statements checked, 77 passed"],
    );
    assert.deepEqual(
      lines.slice(0, -1).map((line) => line.replace(/^ok +/, "")),
      checklist.map(({ number, sentence }) => `${number}. ${sentence}`),
    );
    assert.equal(stderr, "");
    assert.equal(code, 0);
    assert.deepEqual(await everythingOn(maas), before);
  });
});

/** What a run may have left, other than events. */
async function everythingOn(maas: MaasClient): Promise<readonly string[]> {
  const paths = ["users/", "nodes/", "zones/", "resourcepools/", "domains/", "tags/", "scripts/"];
  const settings = ["maas_name", "enable_http_proxy", "ironlog_github_url", "ironlog_launchpad_url"];
  const config = settings.map((name) => `maas/?op=get_config&name=${name}`);
  const own = ["account/prefs/sshkeys/", "account/prefs/sslkeys/", "account/?op=list_authorisation_tokens"];
  return Promise.all([...paths, ...config, ...own].map(async (place) => (await maas.get(place)).text));
}

/** Servers that are wrong in one thing, and the statement that must say so. */
const wrongServers: readonly { readonly number: number; readonly alter: NonNullable<RelayOptions["alter"]> }[] = [
  {
    number: 2,
    alter: (where, headers) =>
      where.endsWith("/describe/") ? { ...headers, "content-type": "application/json; charset=utf-8" } : headers,
  },
  { number: 8, alter: (_, { "www-authenticate": _gone, ...headers }) => headers },
  { number: 16, alter: (_, { allow: _gone, ...headers }) => headers },
  {
    number: 25,
    alter: (where, { "content-type": type, ...headers }) =>
      where.includes("op=delete_authorisation_token") ? headers : { ...headers, "content-type": type },
  },
  { number: 27, alter: (_, headers) => ({ ...headers, "x-maas-api-hash": "another" }) },
];

for (const { number, alter } of wrongServers) {
  test(`a server that breaks statement ${number} is found out: its line says FAILED, the exit status is 1`, async () => {
    const { url, firstLogin } = await serverOf("sqlite");
    await using relay = await startRelay(url, { alter });
    const args = ["--url", `${relay.url}/MAAS/`, "--apikey", firstLogin.apiKey, "--only", `1,${number}`];
    const { code, stdout } = await run(process.execPath, [runner, ...args]);
    const [first, second, summary] = stdout.split("\n");
    assert.match(first ?? "", /^ok +1\. /);
    assert.match(second ?? "", new RegExp(`^FAILED +${number}\\. .* Expected .+; came .+`));
    assert.equal(summary, "2 of 77 statements checked, 1 passed");
    assert.equal(code, 1);
  });
}

test("what is no server of MAAS's API is refused with exit status 2", async () => {
  await using nothing = await keyServer((_, response) => response.writeHead(404).end());
  const { code, stdout, stderr } = await run(process.execPath, [runner, "--url", nothing.url, "--apikey", anyKey]);
  assert.match(stderr, /does not look like a server of MAAS's API: GET .* answered 404\.\n$/);
  assert.deepEqual([code, stdout], [2, ""]);
});

test("a key that is unknown or not an administrator's is refused with exit status 2", async () => {
  const server = await serverOf("sqlite");
  const person = await makePerson(server);
  for (const [apiKey, words] of [
    [anyKey, /rejects the API key/],
    [person.apiKey, /not an administrator's/],
  ] as const) {
    const { code, stderr } = await run(process.execPath, [runner, "--url", server.url, "--apikey", apiKey]);
    assert.match(stderr, words);
    assert.equal(code, 2);
  }
});

test("bad arguments are refused with a sentence that says which, and never repeat the key", async () => {
  const url = ["--url", "http://127.0.0.1:5240"];
  const key = ["--apikey", anyKey];
  for (const [args, words] of [
    [key, /^--url is missing/],
    [url, /^--apikey is missing/],
    [["--url", "127.0.0.1:5240", ...key], /^--url '127.0.0.1:5240' is no http or https URL\./],
    [["--url", "ftp://127.0.0.1/", ...key], /is no http or https URL/],
    [["--url", "http://127.0.0.1/other/", ...key], /ends in '\/other\/': MAAS's API is always below \/MAAS\//],
    [[...url, "--apikey", "secret:secret"], /^--apikey can't be read: a key has three parts/],
    [[...url, "--apikey", "a:b:c:secret"], /^--apikey can't be read/],
    [[...url, ...key, "--only", "78"], /^--only '78'/],
    [[...url, ...key, "--only", "9-3"], /^--only '9-3'/],
    [[...url, ...key, "--nonsense"], /--nonsense/],
    [[...url, ...key, "word"], /word/],
  ] as const) {
    assert.throws(
      () => readArguments(args),
      (error) => {
        assert.ok(error instanceof BadArguments);
        assert.match(error.message, words);
        return !error.message.includes("secret");
      },
    );
  }
  const { code, stdout, stderr } = await run(process.execPath, [runner, ...url, "--apikey", "unreadable"]);
  assert.match(stderr, /^--apikey can't be read: .*\n\nUsage: npm run conformance/);
  assert.deepEqual([code, stdout], [2, ""]);
});

test("the URL may be the server's, MAAS's or its API's", () => {
  for (const end of ["", "/", "/MAAS", "/MAAS/", "/MAAS/api/2.0/"]) {
    const asked = readArguments(["--url", `http://maas.example:5240${end}`, "--apikey", anyKey, "--only", "24,64-66"]);
    assert.deepEqual(asked, {
      url: "http://maas.example:5240",
      apiKey: anyKey,
      only: new Set([24, 64, 65, 66]),
    });
  }
  assert.equal(readArguments(["--help"]), undefined);
});
