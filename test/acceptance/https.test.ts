import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { connect } from "node:tls";
import { test, type TestContext } from "node:test";
import { hasProgram, openShell, run } from "../support/processes/command.ts";
import { freshFolder } from "../support/databases/databases.ts";
import { send } from "../support/clients/http-client.ts";
import type { TestProcess } from "../support/processes/program.ts";
import { type FirstLoginFile, readFirstLogin, readyAt, serve, startServerProcess } from "../support/server.ts";

// HTTPS, and the cookies that go with it.

interface Secure extends AsyncDisposable {
  readonly url: string;
  readonly firstLogin: FirstLoginFile;
  readonly certificate: string;
  readonly key: string;
  readonly process: TestProcess;
  /** Writes a new certificate and key over those that the server was started with. */
  renew(): Promise<void>;
}

/** A server with a certificate that it signed itself; undefined where none can be made. */
async function startSecure(t: TestContext): Promise<Secure | undefined> {
  if (!(await hasProgram("openssl"))) {
    t.skip("there is no openssl to make a certificate with");
    return undefined;
  }
  const stack = new AsyncDisposableStack();
  try {
    const { folder } = stack.use(freshFolder());
    const [key, certificate] = [path.join(folder, "key.pem"), path.join(folder, "cert.pem")];
    const request = [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-days",
      "2",
    ];
    const names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
    const renew = async (): Promise<void> => {
      const made = await run("openssl", [...request, "-keyout", key, "-out", certificate, ...names]);
      assert.equal(made.code, 0, made.stderr);
    };
    await renew();
    const data = path.join(folder, "data");
    const server = stack.use(serve(["--data", data, "--tls-cert", certificate, "--tls-key", key]));
    const url = await readyAt(server);
    return {
      url,
      certificate,
      key,
      process: server,
      renew,
      firstLogin: readFirstLogin(data),
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

const login = (url: string, { username, password }: FirstLoginFile, headers: Record<string, string> = {}) =>
  send(url, "/MAAS/accounts/login/", {
    method: "POST",
    insecure: true,
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    body: new URLSearchParams({ username, password }).toString(),
  });

test("over HTTPS cookies are Secure, and descriptions name https", async (t: TestContext) => {
  const made = await startSecure(t);
  if (made === undefined) return;
  await using server = made;
  assert.match(server.url, /^https:/);
  const answer = await login(server.url, server.firstLogin);
  assert.equal(answer.status, 204, answer.text);
  const cookies = answer.headers["set-cookie"] ?? [];
  assert.equal(cookies.length, 2);
  for (const cookie of cookies) assert.match(cookie, /; Secure/i);
  const described = await send(server.url, "/MAAS/api/2.0/describe/", { insecure: true });
  for (const { uri } of described.json<{ handlers: readonly { uri: string }[] }>().handlers)
    assert.match(uri, /^https:/);
});

test("health asks the server over HTTPS, whatever name its certificate bears", async (t: TestContext) => {
  const made = await startSecure(t);
  if (made === undefined) return;
  await using server = made;
  using shell = openShell();
  const { port } = new URL(server.url);
  const files = ["--tls-cert", server.certificate, "--tls-key", server.key];
  const ran = await shell.ironlog(["health", "--host", "localhost", "--port", port, ...files]);
  assert.deepEqual([ran.code, ran.stderr], [0, ""], ran.stdout);
  assert.equal((await shell.ironlog(["health", "--port", port])).code, 1);
});

test("the command line takes the certificate with --cacerts, with -k, and not otherwise", async (t: TestContext) => {
  const made = await startSecure(t);
  if (made === undefined) return;
  await using server = made;
  using shell = openShell();
  const args = ["login", "p", `${server.url}/MAAS/`, server.firstLogin.apiKey];
  const refused = await shell.ironlog(args);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /certificate.*--insecure/is);
  const trusted = await shell.ironlog([...args, "--cacerts", server.certificate]);
  assert.equal(trusted.code, 0, trusted.stderr);
  assert.equal((await shell.ironlog(["p", "users", "whoami"])).code, 0);
  using other = openShell();
  assert.equal((await other.ironlog([...args, "-k"])).code, 0);
  assert.equal((await other.ironlog(["p", "users", "whoami"])).code, 1);
  assert.equal((await other.ironlog(["p", "users", "whoami", "-k"])).code, 0);
});

test("the first login names the https URL", async (t: TestContext) => {
  const made = await startSecure(t);
  if (made === undefined) return;
  await using server = made;
  assert.ok(server.firstLogin.text.includes(`${server.url}/MAAS/`), server.firstLogin.text);
});

test("behind a proxy with TLS, told by --url, cookies are Secure; without it they aren't", async () => {
  await using plain = await startServerProcess({ kind: "sqlite" });
  const open = (await login(plain.url, plain.firstLogin, { "x-forwarded-proto": "https" })).headers["set-cookie"] ?? [];
  assert.equal(open.length, 2);
  for (const cookie of open) assert.doesNotMatch(cookie, /; Secure/i);
  await using behind = await startServerProcess({ kind: "sqlite", args: ["--url", "https://audit.example"] });
  const [, listening = ""] = await behind.process.until(/listening at (http[^"]+)"/, "stderr");
  const secure = (await login(listening, behind.firstLogin)).headers["set-cookie"] ?? [];
  assert.equal(secure.length, 2);
  for (const cookie of secure) assert.match(cookie, /; Secure/i);
});

/** The certificate that the server shows to a new connection, in DER. */
async function shownCertificate(url: string): Promise<Buffer> {
  const socket = connect({ host: "127.0.0.1", port: Number(new URL(url).port), rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const { raw } = socket.getPeerCertificate();
  socket.destroy();
  return raw;
}

function bytesOf(certificate: string): Buffer {
  return new X509Certificate(readFileSync(certificate)).raw;
}

test("SIGHUP takes a new certificate; one that is bad is refused, and the old one stays", async (t: TestContext) => {
  const made = await startSecure(t);
  if (made === undefined) return;
  await using server = made;
  const first = bytesOf(server.certificate);
  assert.deepEqual(await shownCertificate(server.url), first);
  await server.renew();
  assert.notDeepEqual(bytesOf(server.certificate), first);
  assert.deepEqual(await shownCertificate(server.url), first, "not before it is told to");
  server.process.signal("SIGHUP");
  await server.process.until(/TLS certificate was read again/, "stderr");
  const second = bytesOf(server.certificate);
  assert.deepEqual(await shownCertificate(server.url), second);
  writeFileSync(server.certificate, "no certificate");
  server.process.signal("SIGHUP");
  await server.process.until(/--tls-cert and --tls-key: .*the old one stays/s, "stderr");
  assert.deepEqual(await shownCertificate(server.url), second);
  assert.equal((await login(server.url, server.firstLogin)).status, 204);
  server.process.signal("SIGTERM");
  assert.deepEqual(await server.process.ended, { code: 0, signal: null });
});
