import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { forEachKind } from "../../support/each-kind.ts";
import { freshAddress, send, sendRaw } from "../../support/clients/http-client.ts";
import { anyRequest, bytesOf, type RawRequest, type RawSender } from "../../support/clients/malformed.ts";
import { oauthHeader } from "../../support/clients/maas-client.ts";
import { logIn } from "../../support/clients/native-client.ts";
import { admin, makePerson } from "../../support/worlds/people.ts";
import { sharedServerProcesses, startServerProcess, type ServerProcess } from "../../support/server.ts";

// Whatever is sent, by whomever: a clear answer that isn't a 5xx, and a server that goes on.

const serverOf = sharedServerProcesses();
const seed = 400;

async function sendersFor(server: ServerProcess): Promise<readonly RawSender[]> {
  // Administrators who may be lost: the one of the first start looks at the end whether all is well.
  const [one, other] = [
    await makePerson(server, { isAdministrator: true }),
    await makePerson(server, { isAdministrator: true }),
  ];
  const person = await makePerson(server);
  const session = await logIn(server, one);
  return [
    { name: "nobody", sign: () => ({}) },
    { name: "an administrator by OAuth", sign: () => ({ authorization: oauthHeader(one.apiKey) }) },
    { name: "an administrator by key", sign: () => ({ authorization: `Bearer ${other.apiKey}` }) },
    { name: "a user by OAuth", sign: () => ({ authorization: oauthHeader(person.apiKey) }) },
    { name: "a session", sign: () => ({ cookie: session.cookies, "x-csrftoken": session.formToken }) },
  ];
}

/** What is wrong with an answer; undefined where nothing is. */
function fault(answer: string, method: string): string | undefined {
  const [, code, head = "", rest = ""] =
    answer.match(/^HTTP\/1\.1 (\d{3}) [^\r\n]*\r\n([\s\S]*?)\r\n\r\n([\s\S]*)$/) ?? [];
  if (code === undefined) return "no HTTP answer";
  if (code === "100") return fault(rest, method);
  const status = Number(code);
  if (status < 200 || status >= 500) return `status ${status}`;
  const header = (name: string): string | undefined => head.match(new RegExp(`^${name}: *(.*?) *$`, "im"))?.[1];
  const type = header("content-type");
  // Of a 204's type `dispatch.test.ts` speaks.
  if (type === undefined) return status === 204 ? undefined : `${status} without Content-Type`;
  const length = header("content-length");
  if (method !== "HEAD" && status !== 204 && length !== undefined && Number(length) !== rest.length)
    return "wrong Content-Length";
  // A head that is too long was refused before it was read: nobody knows that it was a HEAD.
  if ((method === "HEAD" && status !== 431) || status === 204)
    return rest === "" ? undefined : "a body where none belongs";
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(rest, "latin1"));
    if (/json/.test(type) && header("transfer-encoding") === undefined) JSON.parse(text);
  } catch (error) {
    return `${type}: ${String(error)}`;
  }
  if (/^ {4}at |node_modules|\.ts:\d+/m.test(text)) return "it shows the program's insides";
  if (type === "application/problem+json" && (JSON.parse(text) as { status: number }).status !== status)
    return "status and problem differ";
  return undefined;
}

forEachKind((kind) => {
  test(`for any malformed request the answer is a clear one below 500, and the server goes on (${kind})`, async () => {
    await using server = await startServerProcess({ kind });
    const root = admin(server);
    const victim = await makePerson(server);
    const senders = await sendersFor(server);
    const property = fc.asyncProperty(anyRequest(senders), async (request: RawRequest) => {
      const bytes = bytesOf({ ...request, target: request.target.replace("VICTIM", victim.username) });
      const answer = await sendRaw(server.url, bytes, freshAddress());
      // Refused before it was read: the reset that follows may overtake the answer.
      if (answer === "" && request.body.length > 100_000) return;
      const wrong = fault(answer, request.method);
      assert.equal(
        wrong,
        undefined,
        `${request.method} ${request.target.slice(0, 200)} by ${request.sender.name}: ${answer.slice(0, 600)}`,
      );
    });
    await fc.assert(property, { seed, numRuns: 1000 });
    assert.equal((await root.maas.get("users/?op=whoami")).status, 200);
    assert.equal((await root.native.ask("GET", "events")).status, 200);
    assert.ok(!server.process.hasEnded);
  });
});

const host = "Host: 127.0.0.1\r\n";
const broken: Readonly<Record<string, string>> = {
  nonsense: "nonsense\r\n\r\n",
  "another protocol": "GET / HTTP/3.7\r\n\r\n",
  TLS: "\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03",
  "a header without colon": `GET / HTTP/1.1\r\n${host}nonsense\r\n\r\n`,
  "NUL in a header": `GET / HTTP/1.1\r\n${host}X: a\0b\r\n\r\n`,
  "a blank in the path": `GET /a b HTTP/1.1\r\n${host}\r\n`,
  "bytes beyond ASCII in the path": `GET /\xff\xfe HTTP/1.1\r\n${host}Connection: close\r\n\r\n`,
  "a negative length": `POST /MAAS/accounts/login/ HTTP/1.1\r\n${host}Content-Length: -1\r\n\r\n`,
  "two lengths": `POST /MAAS/accounts/login/ HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`,
  "length and chunks": `POST /MAAS/accounts/login/ HTTP/1.1\r\n${host}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  "a chunk without length": `POST /MAAS/accounts/login/ HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n`,
  "an expectation that can't be met": `GET /healthz HTTP/1.1\r\n${host}Expect: nonsense\r\nConnection: close\r\n\r\n`,
  "no Host": "GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n",
  "headers without end": `GET / HTTP/1.1\r\n${host}${"X: y\r\n".repeat(20_000)}\r\n`,
  "a header that is too long": `GET / HTTP/1.1\r\n${host}X: ${"y".repeat(200_000)}\r\n\r\n`,
  "a path that is too long": `GET /${"y".repeat(200_000)} HTTP/1.1\r\n${host}\r\n`,
};

for (const [name, bytes] of Object.entries(broken)) {
  test(`2.6: a request with ${name} gets a clear 4xx (sqlite)`, async () => {
    const { url } = await serverOf("sqlite");
    const answer = await sendRaw(url, Buffer.from(bytes, "latin1"));
    // Where the connection was cut in the middle of what was sent, nothing can be read.
    if (answer === "" && bytes.length > 100_000) return;
    assert.equal(fault(answer, "GET"), undefined, answer);
    if (name !== "bytes beyond ASCII in the path") assert.match(answer, /^HTTP\/1\.1 4\d\d /);
    assert.equal((await send(url, "/healthz")).status, 200);
  });
}

for (const [name, path, type] of [
  ["MAAS", "/MAAS/api/2.0/account/?op=create_authorisation_token", "application/x-www-form-urlencoded"],
  ["native", "/api/v1/account/tokens", "application/json"],
] as const) {
  test(`a body that is too large is a 413 at the ${name} api, before it was read (sqlite)`, async () => {
    const server = await serverOf("sqlite");
    const head = `POST ${path} HTTP/1.1\r\n${host}Authorization: Bearer ${server.firstLogin.apiKey}\r\nContent-Type: ${type}\r\nContent-Length: 99999999999\r\n\r\n`;
    const answer = await sendRaw(server.url, head);
    assert.match(answer, /^HTTP\/1\.1 413 /);
    assert.equal(fault(answer, "POST"), undefined, answer);
  });
}
