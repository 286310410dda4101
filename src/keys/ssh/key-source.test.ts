import assert from "node:assert/strict";
import type { RequestListener } from "node:http";
import { test } from "node:test";
import { keyServer } from "../../../test/support/key-server.ts";
import { sampleSshKeys } from "../../../test/support/sample-keys.ts";
import { fetchKeys, parseKeySource } from "./key-source.ts";

const [rsa, ecdsa] = sampleSshKeys;

test("a source is a protocol and a name, Launchpad's unless it says otherwise", () => {
  assert.deepEqual(parseKeySource("gh:ada"), { protocol: "gh", name: "ada" });
  assert.deepEqual(parseKeySource("lp:ada-l"), { protocol: "lp", name: "ada-l" });
  assert.deepEqual(parseKeySource("ada"), { protocol: "lp", name: "ada" });
  assert.throws(() => parseKeySource("xx:ada"), { fields: { protocol: ["Value 'xx' is not a valid choice."] } });
  for (const text of ["", "lp:", "gh:../etc", "gh:a b", "gh:a/b"]) {
    assert.throws(() => parseKeySource(text), /Input needs to be in protocol:auth_id or auth_id format/, text);
  }
});

test("GitHub's list and Launchpad's lines are read, each at its own path", async () => {
  const asked: (string | undefined)[] = [];
  const answer: RequestListener = ({ url }, response) => {
    asked.push(url);
    response.end(
      url?.startsWith("/users/")
        ? JSON.stringify([{ id: 1, key: rsa.key }, { id: 2 }])
        : `${ecdsa.key}\n\n${rsa.key}\n`,
    );
  };
  assert.deepEqual(await fetchFrom(answer, "gh"), [rsa]);
  assert.deepEqual(await fetchFrom(answer, "lp"), [ecdsa, rsa]);
  assert.deepEqual(asked, ["/users/ada/keys?per_page=100", "/~ada/+sshkeys"]);
});

test("a redirect is followed on the same host, and nowhere else", async () => {
  const within: RequestListener = ({ url }, response) => {
    if (url === "/moved") response.end(rsa.key);
    else response.writeHead(302, { location: "/moved" }).end();
  };
  assert.deepEqual(await fetchFrom(within, "lp"), [rsa]);
  await assert.rejects(
    fetchFrom(redirectTo("http://169.254.169.254/latest"), "lp"),
    /redirects to 169\.254\.169\.254\.$/,
  );
  await assert.rejects(fetchFrom(redirectTo("/again"), "lp"), /redirects again and again\.$/);
});

test("each way to go wrong has its own sentence", async () => {
  const cases: readonly (readonly ["gh" | "lp", RequestListener, RegExp])[] = [
    ["gh", status(404), /^Unable to import SSH keys\. github user ada doesn't exist\.$/],
    ["lp", status(410), /^Unable to import SSH keys\. launchpad user ada doesn't exist\.$/],
    ["lp", status(500), /answered 500\.$/],
    ["gh", body("[]"), /^Unable to import SSH keys\. There are no SSH keys for github user ada\.$/],
    ["lp", body("\n \n"), /There are no SSH keys for launchpad user ada\.$/],
    ["gh", body("<html>"), /answered with something that is not JSON\.$/],
    ["gh", body('{"message": "x"}'), /answered with something that is no list of keys\.$/],
    [
      "lp",
      body(`${rsa.key}\nnonsense\n`),
      /^Unable to import SSH keys\. One of the keys of launchpad user ada can't be used\. Invalid SSH public key: /,
    ],
    ["lp", body(`${rsa.key}\n`.repeat(101)), /launchpad user ada has more than 100 SSH keys.* None was imported\.$/],
    ["gh", morePages, /github user ada has more than 100 SSH keys/],
    ["lp", body("x".repeat(1024 * 1024 + 1)), /answered with more than 1048576 bytes\.$/],
    ["lp", (request) => request.socket.destroy(), /can't be reached: /],
  ];
  for (const [protocol, answer, message] of cases) {
    await assert.rejects(fetchFrom(answer, protocol), { code: "invalid", message });
  }
});

test("what is wrong with a published key is wrong with no field of the request", async () => {
  await assert.rejects(fetchFrom(body("nonsense"), "lp"), { code: "invalid", fields: undefined });
});

test("a hundred keys are taken, and a byte order mark is left out", async () => {
  const hundred = Array.from({ length: 100 }, () => ({ key: rsa.key }));
  assert.equal((await fetchFrom(body(`\uFEFF${JSON.stringify(hundred)}`), "gh")).length, 100);
  assert.deepEqual(await fetchFrom(body(`\uFEFF${rsa.key}\n`), "lp"), [rsa]);
});

test("a password in the server's address is in no error", async () => {
  const withoutPassword = (error: Error) => !`${error.message} ${String(error.cause)}`.includes("hunter2");
  for (const github of ["http://ada:hunter2@127.0.0.1:1", "http://hunter2@127.0.0.1:1"]) {
    await assert.rejects(fetchKeys({ protocol: "gh", name: "ada" }, { github, launchpad: "" }), withoutPassword);
  }
  for (const location of ["http://ada:hunter2@127.0.0.1/", "http://hunter2:x:y"]) {
    await assert.rejects(fetchFrom(redirectTo(location), "lp"), withoutPassword);
  }
});

test("a server that isn't there is said to be so", async () => {
  const servers = { github: "http://127.0.0.1:1", launchpad: "http://127.0.0.1:1" };
  await assert.rejects(fetchKeys({ protocol: "lp", name: "ada" }, servers), /127\.0\.0\.1:1 can't be reached: /);
});

async function fetchFrom(answer: RequestListener, protocol: "gh" | "lp") {
  await using server = await keyServer(answer);
  return await fetchKeys({ protocol, name: "ada" }, { github: server.url, launchpad: server.url });
}

const morePages: RequestListener = (_request, response) => {
  const link = '<http://x/?page=1>; rel="prev", <http://x/?page=2>; rel="next"';
  response.writeHead(200, { link }).end(JSON.stringify([{ key: rsa.key }]));
};

function status(code: number): RequestListener {
  return (_request, response) => void response.writeHead(code).end();
}

function body(text: string): RequestListener {
  return (_request, response) => void response.end(text);
}

function redirectTo(location: string): RequestListener {
  return (_request, response) => void response.writeHead(302, { location }).end();
}
