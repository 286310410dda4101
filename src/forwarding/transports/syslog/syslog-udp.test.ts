import assert from "node:assert/strict";
import { test } from "node:test";
import type { PlainEvent } from "../../../database/event-columns.ts";
import { freePort } from "../../../../test/support/ports.ts";
import { startDatagramReceiver } from "../../../../test/support/receivers/datagrams.ts";
import { sampleEvents } from "../../../../test/support/receivers/sample-events.ts";
import { until } from "../../../../test/support/until.ts";
import { syslogUdpReceiver } from "./syslog-udp.ts";

const record = ({ id }: PlainEvent): Buffer => Buffer.from(`<110>1 - - ironlog - - - event ${id}`);
const never = new AbortController().signal;

test("each event is one datagram, in order, by address and by name", async () => {
  await using receiver = await startDatagramReceiver();
  const events = sampleEvents(100);
  for (const host of ["127.0.0.1", "localhost"]) {
    receiver.messages.length = 0;
    const forwarding = syslogUdpReceiver({ host, port: receiver.port, own: [] }, record);
    assert.equal(forwarding.batchMax, 100);
    assert.deepEqual(await forwarding.deliver(events, never), { taken: 100, refused: [] });
    await until(() => receiver.messages.length === 100);
    assert.deepEqual(
      receiver.messages,
      events.map((event) => record(event).toString()),
    );
  }
});

test("an event that no datagram can hold is refused, and the others are sent", async () => {
  await using receiver = await startDatagramReceiver();
  const render = ({ id }: PlainEvent): Buffer => (id === 2 ? Buffer.alloc(70_000, "x") : Buffer.from(String(id)));
  const forwarding = syslogUdpReceiver({ host: "127.0.0.1", port: receiver.port, own: [] }, render);
  assert.deepEqual(await forwarding.deliver(sampleEvents(3), never), {
    taken: 3,
    refused: [{ id: 2, why: "A datagram can't hold its 70000 octets." }],
  });
  await until(() => receiver.messages.length === 2);
  assert.deepEqual(receiver.messages, ["1", "3"]);
});

test("where nobody listens, datagrams after the first are refused", async () => {
  const port = await freePort();
  const forwarding = syslogUdpReceiver({ host: "127.0.0.1", port, own: [] }, record);
  await assert.rejects(forwarding.deliver(sampleEvents(100), never), /Connection refused by 127\.0\.0\.1:/);
});

test("nothing is sent to an address of metadata, to where Ironlog listens, or after a stop", async () => {
  const place = { port: 514, own: [{ host: "127.0.0.1", port: 514 }] };
  for (const [host, why] of [
    ["169.254.169.254", /nothing is sent there/],
    ["127.0.0.1", /this Ironlog listens/],
  ] as const) {
    await assert.rejects(syslogUdpReceiver({ host, ...place }, record).deliver(sampleEvents(1), never), why);
  }
  const stopped = AbortSignal.abort(new Error("the server stops"));
  const forwarding = syslogUdpReceiver({ host: "127.0.0.1", port: 514, own: [] }, record);
  await assert.rejects(forwarding.deliver(sampleEvents(1), stopped), /the server stops/);
});
