import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import { createServer as createSecureServer } from "node:https";
import { createServer } from "node:net";
import type { Server } from "node:net";
import * as path from "node:path";
import { test } from "node:test";
import { fakeDescription } from "../../../test/support/cli/fake-description.ts";
import { listen } from "../../../test/support/cli/fake-server.ts";
import { findProxy } from "../../terminal/proxy.ts";
import { apiKey, environmentOf, startClient, runProgram } from "../../../test/support/cli/client-setting.ts";
import { mainFile } from "../../../test/support/processes/program.ts";
import type { Outcome } from "../../../test/support/cli/client-setting.ts";

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, "close");
}

function assertOneLine(outcome: Outcome, status: number, ...parts: readonly string[]): void {
  assert.equal(outcome.status, status, outcome.stderr);
  assert.equal(outcome.stdout, "");
  assert.match(outcome.stderr, /^[^\n]+\n$/);
  for (const part of parts) assert.ok(outcome.stderr.includes(part), `${part} in: ${outcome.stderr}`);
}

test("where nothing listens, one line names the URL and the mend", async () => {
  await using world = await startClient();
  await world.login();
  const nobody = createServer();
  const url = `http://127.0.0.1:${await listen(nobody)}/MAAS/api/2.0/`;
  await close(nobody);
  const file = path.join(world.folder, "profiles", "prod.json");
  fs.writeFileSync(file, JSON.stringify({ ...JSON.parse(fs.readFileSync(file, "utf8")), url }));
  assertOneLine(await world.run(["prod", "events", "query"]), 2, url, "ironlog login prod NEW-ADDRESS");
  assertOneLine(await world.run(["login", "new", url, apiKey]), 2, url, "ironlog login new");
});

test("a host without an address is named", async () => {
  await using world = await startClient();
  const outcome = await world.run(["login", "prod", "http://maas.invalid/MAAS/", apiKey]);
  assertOneLine(outcome, 2, "http://maas.invalid/MAAS/api/2.0/", "'maas.invalid'");
});

test("a connection that ends early, or an answer that is no HTTP, is said so", async () => {
  await using world = await startClient();
  for (const [answer, message] of [
    ["", "ended the connection"],
    ["HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "ended the connection"],
    ["220 mail.example ESMTP\r\n", "is not HTTP"],
  ] as const) {
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => socket.end(answer));
    });
    const url = `http://127.0.0.1:${await listen(server)}/MAAS/`;
    assertOneLine(await world.run(["login", "prod", url, apiKey]), 2, url, message);
    await close(server);
  }
});

test("https to a server that speaks http is no secure connection, status 1", async () => {
  await using world = await startClient();
  const url = world.server.url.replace("http:", "https:");
  assertOneLine(await world.run(["login", "prod", url, apiKey]), 1, url, "Does the server speak https there?");
});

const openssl = await runProgram("openssl", ["version"], { ...process.env }).catch(() => undefined);
const skip = openssl?.status === 0 ? false : "there is no `openssl` here to make a certificate";

test("a certificate is trusted by its authority, with --insecure, or not at all", { skip }, async () => {
  await using world = await startClient();
  const [keyFile, certificate] = [path.join(world.folder, "key.pem"), path.join(world.folder, "cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
  const files = ["-keyout", keyFile, "-out", certificate];
  await runProgram("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...subject, ...files], {
    ...process.env,
  });
  const options = { key: fs.readFileSync(keyFile), cert: fs.readFileSync(certificate) };
  const asked: string[] = [];
  const server = createSecureServer(options, (request, response) => {
    asked.push(request.url ?? "");
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify(fakeDescription()));
  });
  const url = `https://127.0.0.1:${await listen(server)}/MAAS/`;
  const untrusted = await world.run(["login", "prod", url, apiKey]);
  assertOneLine(untrusted, 1, url, "self-signed certificate", "--cacerts FILE", "--insecure");
  assert.deepEqual(asked, []);
  assert.equal((await world.run(["login", "-k", "once", url, apiKey])).status, 0);
  assertOneLine(await world.run(["once", "events", "query"]), 1, url);
  assert.equal((await world.run(["once", "events", "query", "-k"])).status, 0);
  assert.equal((await world.run(["login", "--cacerts", certificate, "prod", url, apiKey])).status, 0);
  fs.rmSync(certificate);
  assert.equal((await world.run(["prod", "events", "query"])).status, 0);
  server.closeAllConnections();
  await close(server);
});

test("a proxy named in the environment is used, but not for hosts that no_proxy names", async () => {
  await using world = await startClient();
  await world.login();
  await using proxy = await startClient();
  const ask = (environment: NodeJS.ProcessEnv) =>
    runProgram(process.execPath, [mainFile, "prod", "events", "query"], {
      ...environmentOf(world.folder),
      ...environment,
    });
  const http_proxy = new URL(proxy.server.url).origin;
  await ask({ http_proxy });
  assert.deepEqual(
    proxy.server.asked.map(({ url }) => url),
    [`${world.server.url}/api/2.0/events/?op=query`],
  );
  await ask({ http_proxy, no_proxy: "127.0.0.1" });
  assert.equal(proxy.server.asked.length, 1);
  assert.equal(world.server.asked.length, 1);
});

test("a proxy's failure is the proxy's, by its name and without its password", async () => {
  await using world = await startClient();
  await world.login();
  const ask = (environment: NodeJS.ProcessEnv) =>
    runProgram(process.execPath, [mainFile, "prod", "events", "query"], {
      ...environmentOf(world.folder),
      ...environment,
    });
  assertOneLine(
    await ask({ http_proxy: "http://ada:s3cret@proxy.invalid:3128" }),
    2,
    "The proxy http://proxy.invalid:3128, which http_proxy names",
  );
  const nobody = createServer();
  const port = await listen(nobody);
  await close(nobody);
  const refused = await ask({ HTTP_PROXY: `http://ada:s3cret@127.0.0.1:${port}` });
  assertOneLine(refused, 2, `The proxy http://127.0.0.1:${port}, which HTTP_PROXY names`, "no_proxy");
  assert.doesNotMatch(refused.stderr, /s3cret|Is the server running/);
  for (const http_proxy of ["socks5://127.0.0.1:1080", "socks://x", "ftp://x", "http://"]) {
    assertOneLine(await ask({ http_proxy }), 1, "The proxy that http_proxy names can't be used");
  }
  assert.deepEqual(world.server.asked, []);
  await using proxy = await startClient();
  proxy.server.answers.set("*", { status: 407 });
  const denied = await ask({ http_proxy: proxy.server.url });
  assert.match(denied.stderr, /may be an answer of the proxy http:\/\/127\.0\.0\.1/);
});

test("a proxy without a scheme is used, and no_proxy takes blanks, networks, domains and ports", async () => {
  await using world = await startClient();
  await world.login();
  await using proxy = await startClient();
  const http_proxy = new URL(proxy.server.url).host;
  const ask = (no_proxy: string) =>
    runProgram(process.execPath, [mainFile, "prod", "events", "query"], {
      ...environmentOf(world.folder),
      http_proxy,
      no_proxy,
    });
  const port = new URL(world.server.url).port;
  for (const no_proxy of ["", "10.0.0.0/8", "example.com, 127.0.0.2", "127.0.0.1:1", "127.0.0.1.example"]) {
    proxy.server.asked.length = 0;
    await ask(no_proxy);
    assert.equal(proxy.server.asked.length, 1, no_proxy);
  }
  assert.equal(world.server.asked.length, 0);
  proxy.server.asked.length = 0;
  const excepted = ["127.0.0.0/8", "example.com , 127.0.0.1", "x 127.0.0.1", `127.0.0.1:${port}`, "*"];
  for (const no_proxy of excepted) await ask(no_proxy);
  assert.equal(world.server.asked.length, excepted.length);
  assert.equal(proxy.server.asked.length, 0);
  const around = (url: string, no_proxy: string) => findProxy(url, { http_proxy, no_proxy }) === undefined;
  assert.ok(around("http://a.example.com/", ".example.com"));
  assert.ok(around("http://a.example.com/", "Example.com"));
  assert.ok(around("http://[2001:db8::5]/", "2001:db8::/32"));
  assert.ok(around("http://[2001:db8::5]:81/", "[2001:db8::5]:81"));
  assert.ok(!around("http://notexample.com/", "example.com"));
});

test("Ctrl-C ends a command that waits for its server, with status 1", async () => {
  await using world = await startClient();
  const silent = createServer((socket) => socket.on("error", () => undefined).resume());
  const url = `http://127.0.0.1:${await listen(silent)}/MAAS/`;
  const environment = environmentOf(world.folder);
  const child = spawn(process.execPath, [mainFile, "login", "prod", url, apiKey], {
    env: environment,
    stdio: "ignore",
  });
  await once(silent, "connection");
  child.kill("SIGINT");
  assert.deepEqual(await once(child, "close"), [1, null]);
  await close(silent);
});
