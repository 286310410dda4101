import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { test } from "node:test";
import { freePort, portOf } from "../../../test/support/ports.ts";
import { makeCertificates } from "../../../test/support/receivers/certificates.ts";
import { startMailServer } from "../../../test/support/receivers/mail-server.ts";
import { sampleEvents } from "../../../test/support/receivers/sample-events.ts";
import { type EmailOptions, emailReceiver } from "./email.ts";
import { BatchRefused, RetryLater } from "./receiver.ts";

const never = new AbortController().signal;

function writing({ port }: { readonly port: number }, options: Partial<EmailOptions> = {}) {
  const people = { from: "ironlog@example.com", to: ["ada@example.com", "bob@example.com"], origin: "log.example" };
  const base = { host: "127.0.0.1", port, own: [], security: "plain", ...people } as const;
  return emailReceiver({ ...base, ...options }, ({ id }) => ({
    subject: `Alert ${id}\r\nBcc: eve@example.com`,
    text: `It happened – ${id}.`,
  }));
}

const headerIn = (text: string, name: string): string | undefined =>
  new RegExp(`^${name}: (.*)\r$`, "im").exec(text)?.[1];

test("an event is a message to everybody, with an id that a repeat has too", async () => {
  await using server = await startMailServer();
  for (const id of [7, 8, 7]) {
    assert.deepEqual(await writing(server).deliver(sampleEvents(1, id), never), { taken: 1, refused: [] });
  }
  const [first, second, third] = server.mails.map(({ text }) => headerIn(text, "message-id"));
  assert.ok(first !== undefined && first !== second && first === third);
  for (const { from, to, text, isSecure } of server.mails) {
    assert.deepEqual([from, to, isSecure], ["ironlog@example.com", ["ada@example.com", "bob@example.com"], false]);
    assert.equal(headerIn(text, "bcc"), undefined);
    assert.equal(headerIn(text, "auto-submitted"), "auto-generated");
    assert.match(text, /It happened =E2=80=93 [78]\./);
  }
});

test("STARTTLS and TLS check the certificate; without either nothing is sent", async (t) => {
  const certificates = await makeCertificates(t);
  if (certificates === undefined) return;
  const { ca, server, stranger } = certificates;
  const keys = { cert: server.certificate, key: server.key };
  await using plain = await startMailServer();
  await assert.rejects(
    writing(plain, { security: "starttls", tls: { ca } }).deliver(sampleEvents(1), never),
    /has no STARTTLS/,
  );
  assert.deepEqual(plain.mails, []);
  for (const security of ["starttls", "tls"] as const) {
    await using secure = await startMailServer({ ...keys, secure: security === "tls" });
    const send = async (options: Partial<EmailOptions>) =>
      writing(secure, { host: "localhost", security, ...options }).deliver(sampleEvents(1), never);
    await assert.rejects(send({ tls: { ca: stranger.certificate } }), /isn't trusted .*as ca/);
    await assert.rejects(send({}), /isn't trusted/);
    await assert.rejects(send({ host: "127.0.0.1", tls: { ca } }), /is for another name/);
    const login = { user: "ironlog", password: "wrong" };
    await assert.rejects(send({ tls: { ca }, login }), /doesn't take the user and the password: enter them anew/);
    assert.deepEqual(secure.mails, []);
    await send({ tls: { ca }, login: { ...login, password: "right" } });
    await send({ host: "127.0.0.1", tls: { ca, serverName: "localhost" } });
    assert.deepEqual(
      secure.mails.map(({ isSecure, user }) => [isSecure, user]),
      [
        [true, "ironlog"],
        [true, undefined],
      ],
    );
  }
});

test("what a server refuses is told apart: the message, its people, or only now", async () => {
  await using server = await startMailServer();
  const sent = async () => writing(server).deliver(sampleEvents(1, 5), never);
  server.refusal = (what) => (what === "message" ? "552 Too large" : undefined);
  await assert.rejects(sent(), (error) => error instanceof BatchRefused && /552.*Too large/.test(error.message));
  server.refusal = (what) => (what === "message" ? "451 Try again" : undefined);
  await assert.rejects(sent(), (error) => error instanceof RetryLater && /Try again/.test(error.message));
  server.refusal = (what) => (what === "recipient" ? "550 No such user" : undefined);
  await assert.rejects(sent(), (error) => !(error instanceof BatchRefused) && /Check from and to/.test(String(error)));
  assert.deepEqual(server.mails, []);
  server.refusal = (what, address) => (what === "recipient" && address.startsWith("bob") ? "550 No" : undefined);
  const { taken, refused, unnamed, note } = await sent();
  assert.deepEqual([taken, refused, unnamed], [1, [], undefined]);
  assert.match(note ?? "", /took event 5 for the others, but refused bob@example\.com \(550 No\): check to/);
  assert.deepEqual(
    server.mails.map(({ to }) => to),
    [["ada@example.com"]],
  );
});

test("a server that isn't there, hangs, breaks off or speaks something else is said so", async () => {
  const absent = { port: await freePort() };
  await assert.rejects(writing(absent).deliver(sampleEvents(1), never), /Connection refused by 127/);
  for (const [answer, why] of [
    [undefined, /didn't take a message within 0.1 s/],
    ["", /connection|broke/i],
    ["HTTP/1.1 400 Bad Request\r\n\r\n", /127\.0\.0\.1:/],
  ] as const) {
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      if (answer !== undefined) socket.end(answer);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const port = portOf(server.address());
    await assert.rejects(writing({ port }, { patienceMs: 100 }).deliver(sampleEvents(1), never), why);
    const stopped = new AbortController();
    const hanging = writing({ port }).deliver(sampleEvents(1), stopped.signal);
    stopped.abort(new Error("the server stops"));
    await assert.rejects(hanging, /the server stops/);
    server.close();
    await once(server, "close");
  }
});

test("no mail goes to where this Ironlog listens, or to metadata", async () => {
  const own = [{ host: "127.0.0.1", port: 25 }];
  await assert.rejects(writing({ port: 25 }, { own }).deliver(sampleEvents(1), never), /this Ironlog listens/);
  const metadata = writing({ port: 25 }, { host: "169.254.169.254" });
  await assert.rejects(metadata.deliver(sampleEvents(1), never), /nothing is sent there/);
});
