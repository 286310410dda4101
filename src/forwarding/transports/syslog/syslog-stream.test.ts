import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { PlainEvent } from "../../../database/event-columns.ts";
import { freePort } from "../../../../test/support/ports.ts";
import { makeCertificates, type TestCertificates } from "../../../../test/support/receivers/certificates.ts";
import { sampleEvents } from "../../../../test/support/receivers/sample-events.ts";
import { startSyslogReceiver, type SyslogReceiver } from "../../../../test/support/receivers/syslog-receiver.ts";
import type { Receiver } from "../receiver.ts";
import type { ReceiverTls } from "../tls.ts";
import { syslogStreamReceiver, type SyslogStreamOptions } from "./syslog-stream.ts";

const record = ({ id }: PlainEvent): Buffer => Buffer.from(`<110>1 - - ironlog - - - event ${id} – ünïcode`);
const never = new AbortController().signal;
const expected = (events: readonly PlainEvent[]): readonly string[] => events.map((event) => record(event).toString());

function sender(receiver: { readonly port: number }, options: Partial<SyslogStreamOptions> = {}) {
  return syslogStreamReceiver(
    { host: "127.0.0.1", port: receiver.port, own: [], framing: "octet-counting", ...options },
    record,
  );
}

/** Fails as it is to, with as much patience as the steps before need on this machine. */
async function assertGivenUp(make: (patienceMs: number) => Receiver, count: number, why: RegExp): Promise<void> {
  for (let patienceMs = 50; ; patienceMs *= 2) {
    const failure: unknown = await make(patienceMs)
      .deliver(sampleEvents(count), never)
      .then(
        () => new Error("it was delivered"),
        (error: unknown) => error,
      );
    if (failure instanceof Error && /didn't take the connection within/.test(failure.message)) continue;
    assert.match(String(failure), why);
    return;
  }
}

for (const framing of ["octet-counting", "lf"] as const) {
  test(`${framing}: all that was sent arrives in order, and is acknowledged by the receiver's close`, async () => {
    await using receiver = await startSyslogReceiver({ framing });
    const events = sampleEvents(10_000);
    const delivered = await sender(receiver, { framing }).deliver(events, never);
    assert.deepEqual(delivered, { taken: 10_000, refused: [] });
    assert.deepEqual(receiver.messages, expected(events));
    assert.equal(receiver.connections, 1);
  });
}

test("a newline within a message doesn't make two of it where newlines end messages", async () => {
  await using receiver = await startSyslogReceiver({ framing: "lf" });
  const options = { host: "127.0.0.1", port: receiver.port, own: [], framing: "lf" } as const;
  await syslogStreamReceiver(options, () => Buffer.from("one\ntwo\n")).deliver(sampleEvents(2), never);
  assert.deepEqual(receiver.messages, ["one two ", "one two "]);
});

test("a connection that has lasted long enough ends with what it has sent, which is at least one event", async () => {
  await using receiver = await startSyslogReceiver({ framing: "octet-counting" });
  const events = sampleEvents(10_000);
  const { taken } = await sender(receiver, { connectionMsMax: 0 }).deliver(events, never);
  assert.ok(taken >= 1 && taken < events.length, String(taken));
  assert.deepEqual(receiver.messages, expected(events.slice(0, taken)));
});

/** Longer than what the system holds for a receiver that doesn't read. */
const long = (): Buffer => Buffer.alloc(8_000, "x");

test("what a receiver closes or breaks off early isn't acknowledged", async () => {
  await using receiver = await startSyslogReceiver({ framing: "octet-counting" });
  const options = { host: "127.0.0.1", port: receiver.port, own: [], framing: "octet-counting" } as const;
  const early = /closed the connection before it had all events|broke the connection off/;
  for (const behaviour of ["closes-at-once", "closes-half-way", "breaks-off"] as const) {
    receiver.behaviour = behaviour;
    await assert.rejects(syslogStreamReceiver(options, long).deliver(sampleEvents(5_000), never), early, behaviour);
  }
  await assert.rejects(sender(receiver).deliver(sampleEvents(1), never), /broke the connection off/);
  assert.deepEqual(receiver.messages, []);
});

test("a receiver that hangs is given up after a while, or when the server stops", async () => {
  await using receiver = await startSyslogReceiver({ framing: "octet-counting" });
  receiver.behaviour = "never-closes";
  const patient = (patienceMs: number) => sender(receiver, { patienceMs });
  await assertGivenUp(patient, 3, /read the events but didn't acknowledge them by .* within [\d.]+ s/);
  receiver.behaviour = "reads-nothing";
  const big = (patienceMs: number) =>
    syslogStreamReceiver({ host: "127.0.0.1", port: receiver.port, own: [], framing: "lf", patienceMs }, long);
  await assertGivenUp(big, 10_000, /stopped reading within [\d.]+ s/);
  const stop = new AbortController();
  const hanging = sender(receiver).deliver(sampleEvents(3), stop.signal);
  stop.abort(new Error("the server stops"));
  await assert.rejects(hanging, /the server stops/);
});

test("a receiver that was killed is said to refuse; once back on its port it gets the same events", async () => {
  const port = await freePort();
  const events = sampleEvents(500);
  const forwarding = sender({ port });
  await assert.rejects(forwarding.deliver(events, never), new RegExp(`Connection refused by 127.0.0.1:${port}`));
  {
    await using first = await startSyslogReceiver({ framing: "octet-counting", port });
    first.behaviour = "never-closes";
    const cut = forwarding.deliver(events, never);
    const failed = assert.rejects(cut, /broke the connection off/);
    while (first.connections === 0) await new Promise((resolve) => setImmediate(resolve));
    await first.kill();
    await failed;
  }
  await using back = await startSyslogReceiver({ framing: "octet-counting", port });
  assert.equal((await forwarding.deliver(events, never)).taken, 500);
  assert.deepEqual(back.messages, expected(events));
});

interface Secure extends AsyncDisposable {
  readonly receiver: SyslogReceiver;
  readonly certificates: TestCertificates;
  send(tls: ReceiverTls, host?: string): Promise<unknown>;
}

async function startSecure(t: TestContext, wantsCertificate: boolean): Promise<Secure | undefined> {
  const certificates = await makeCertificates(t);
  if (certificates === undefined) return undefined;
  const { server, ca } = certificates;
  const asks = { requestCert: wantsCertificate, rejectUnauthorized: wantsCertificate };
  const tls = { cert: server.certificate, key: server.key, ca, ...asks };
  const receiver = await startSyslogReceiver({ framing: "octet-counting", tls });
  return {
    receiver,
    certificates,
    send: async (tls, host = "localhost") => sender(receiver, { host, tls }).deliver(sampleEvents(1_000), never),
    [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose](),
  };
}

test("over TLS the receiver's name and authority are checked", async (t) => {
  const secure = await startSecure(t, false);
  if (secure === undefined) return;
  await using world = secure;
  const { ca, stranger } = world.certificates;
  await assert.rejects(world.send({}), /The certificate of localhost:\d+ isn't trusted .*give .* as ca/);
  await assert.rejects(world.send({ ca: stranger.certificate }), /isn't trusted/);
  await assert.rejects(world.send({ ca }, "127.0.0.1"), /is for another name .*server_name/);
  assert.deepEqual(world.receiver.messages, []);
  assert.deepEqual(await world.send({ ca }), { taken: 1_000, refused: [] });
  assert.deepEqual(await world.send({ ca, serverName: "localhost" }, "127.0.0.1"), { taken: 1_000, refused: [] });
  const events = expected(sampleEvents(1_000));
  assert.deepEqual(world.receiver.messages, [...events, ...events]);
});

test("a receiver that wants a client certificate takes events with it, and none without", async (t) => {
  const secure = await startSecure(t, true);
  if (secure === undefined) return;
  await using world = secure;
  const { ca, client } = world.certificates;
  await assert.rejects(
    world.send({ ca }),
    /wants a client certificate: give certificate and key|broke the connection off/,
  );
  assert.deepEqual(world.receiver.messages, []);
  assert.deepEqual(await world.send({ ca, ...client }), { taken: 1_000, refused: [] });
  assert.deepEqual(world.receiver.messages, expected(sampleEvents(1_000)));
});

test("over TLS too, what is closed early or never isn't acknowledged", async (t) => {
  const secure = await startSecure(t, false);
  if (secure === undefined) return;
  await using world = secure;
  const { ca } = world.certificates;
  const { port } = world.receiver;
  const options = { host: "localhost", port, own: [], framing: "octet-counting", tls: { ca } } as const;
  const forwarding = syslogStreamReceiver(options, long);
  for (const behaviour of ["closes-at-once", "closes-half-way", "breaks-off"] as const) {
    world.receiver.behaviour = behaviour;
    const early = /closed the connection before|broke the connection off/;
    await assert.rejects(forwarding.deliver(sampleEvents(5_000), never), early, behaviour);
  }
  world.receiver.behaviour = "never-closes";
  const patient = (patienceMs: number) => sender(world.receiver, { host: "localhost", tls: { ca }, patienceMs });
  await assertGivenUp(patient, 3, /didn't acknowledge/);
});

test("a certificate without its key is refused before anything is sent", async (t) => {
  const certificates = await makeCertificates(t);
  if (certificates === undefined) return;
  const tls = { certificate: certificates.client.certificate, key: certificates.server.key };
  assert.throws(() => sender({ port: 1 }, { tls }), /ca, certificate and key can't be used/);
});

test("no connection is made to where this Ironlog listens", async () => {
  await using receiver = await startSyslogReceiver({ framing: "lf" });
  const own = [{ host: "0.0.0.0", port: receiver.port }];
  for (const host of ["127.0.0.1", "localhost"]) {
    await assert.rejects(sender(receiver, { host, own }).deliver(sampleEvents(1), never), /this Ironlog listens/);
  }
  assert.equal(receiver.connections, 0);
});
