import { createSocket } from "node:dgram";
import { once } from "node:events";
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { Agent, request } from "node:http";
import { connect, type Socket } from "node:net";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { connect as connectTls } from "node:tls";
import type { PlainEvent } from "../../../src/database/event-columns.ts";
import { ecsDocument } from "../../../src/forwarding/formats/ecs.ts";
import { nativeRecord } from "../../../src/forwarding/formats/native-json.ts";
import { otlpProtobuf } from "../../../src/forwarding/formats/otlp.ts";
import { syslogRecord } from "../../../src/forwarding/formats/syslog.ts";
import type { BenchReceiver } from "./bench-receiver.ts";

// What forwarding costs at least: a loop that reads the rows, renders them and writes them to the receiver. It knows of no filter, no
// cursor, no limit of time and no connection but its own.

const facts = { origin: "bench", version: "1.0.0", hostname: "bench" };
const syslog = {
  protocol: "rfc5424",
  body: "structured",
  facility: 13,
  limit: 8_000,
  enterpriseNumber: 32_473,
} as const;
/** Of webhooks, which have no more in a message, and of datagrams, which nobody holds back. */
const shortBatch = 100;
const batch = 1_000;

/** Sends batches, one after the other. */
interface BareSender {
  readonly batchMax: number;
  send(events: readonly PlainEvent[]): Promise<void>;
  end(): Promise<void>;
}

/** All events of a log, sent by a bare loop: how many a second. */
export async function bareForwarding(file: string, transport: string, receiver: BenchReceiver): Promise<number> {
  using database = new DatabaseSync(file, { readOnly: true });
  const select = database.prepare("select * from event where id > ? order by id limit ?");
  const start = performance.now();
  const sender = await openSender(transport, receiver);
  let sent = 0;
  for (let last = 0; ;) {
    const events = select.all(last, sender.batchMax) as unknown as readonly PlainEvent[];
    if (events.length === 0) break;
    await sender.send(events);
    sent += events.length;
    last = events.at(-1)?.id ?? last;
  }
  await sender.end();
  return (sent * 1000) / (performance.now() - start);
}

async function openSender(transport: string, receiver: BenchReceiver): Promise<BareSender> {
  switch (transport) {
    case "file":
      return fileSender(receiver.place);
    case "udp":
      return datagramSender(new URL(receiver.place));
    case "tcp":
    case "tls":
      return streamSender(receiver);
    default:
      return httpSender(transport, receiver.place);
  }
}

function fileSender(folder: string): BareSender {
  const handle = openSync(path.join(folder, `bare-${Math.random()}`), "a");
  return {
    batchMax: batch,
    async send(events) {
      writeSync(handle, events.map((event) => `${JSON.stringify(nativeRecord(event, facts))}\n`).join(""));
      // As durable as what it is compared with.
      fsyncSync(handle);
    },
    async end() {
      closeSync(handle);
    },
  };
}

async function datagramSender({ port }: URL): Promise<BareSender> {
  const socket = createSocket("udp4");
  socket.connect(Number(port), "127.0.0.1");
  await once(socket, "connect");
  const send = (datagram: Buffer): Promise<void> =>
    new Promise((resolve, reject) => socket.send(datagram, (error) => (error === null ? resolve() : reject(error))));
  return {
    batchMax: shortBatch,
    async send(events) {
      for (const event of events) await send(syslogRecord(event, facts, { ...syslog, limit: 2_048 }));
    },
    async end() {
      socket.close();
    },
  };
}

async function streamSender({ place, ca }: BenchReceiver): Promise<BareSender> {
  const { hostname: host, port } = new URL(place);
  const socket: Socket =
    ca === undefined ? connect(Number(port), host) : connectTls({ host, port: Number(port), ca, servername: host });
  await once(socket, ca === undefined ? "connect" : "secureConnect");
  return {
    batchMax: batch,
    async send(events) {
      const records = events.map((event) => syslogRecord(event, facts, syslog));
      const framed = records.flatMap((record) => [Buffer.from(`${record.length} `), record]);
      await new Promise<void>((resolve) => socket.write(Buffer.concat(framed), () => resolve()));
    },
    async end() {
      socket.resume();
      socket.end();
      await once(socket, "end");
      socket.destroy();
    },
  };
}

const bodies: Readonly<
  Record<string, { readonly path: string; body(events: readonly PlainEvent[]): string | Uint8Array }>
> = {
  webhook: {
    path: "/",
    body: (events) =>
      JSON.stringify({
        type: "ironlog.events",
        data: { format: "json", events: events.map((event) => nativeRecord(event, facts)) },
      }),
  },
  splunk: {
    path: "/services/collector/event",
    body: (events) =>
      events
        .map((event) => JSON.stringify({ time: event.created / 1e6, event: nativeRecord(event, facts) }))
        .join("\n"),
  },
  elasticsearch: {
    path: "/ironlog/_bulk",
    body: (events) =>
      events
        .map((event) => `{"create":{"_id":"bench#${event.id}"}}\n${JSON.stringify(ecsDocument(event, facts))}\n`)
        .join(""),
  },
  loki: {
    path: "/loki/api/v1/push",
    body(events) {
      const values = events.map((event) => [`${event.created}000`, JSON.stringify(nativeRecord(event, facts))]);
      return JSON.stringify({ streams: [{ stream: { job: "ironlog" }, values }] });
    },
  },
  otlp: { path: "/v1/logs", body: (events) => otlpProtobuf(events, facts) },
};

function httpSender(transport: string, place: string): BareSender {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const kind = bodies[transport];
  if (kind === undefined) throw new Error(transport);
  return {
    batchMax: transport === "webhook" ? shortBatch : batch,
    send: (events) =>
      new Promise((resolve, reject) => {
        const body = kind.body(events);
        const headers = { "content-length": String(Buffer.byteLength(body)) };
        const asked = request(new URL(kind.path, place), { method: "POST", agent, headers }, (answer) => {
          answer.resume();
          answer.on("end", () => (answer.statusCode === 200 ? resolve() : reject(new Error(`${answer.statusCode}`))));
        });
        asked.on("error", reject);
        asked.end(body);
      }),
    async end() {
      agent.destroy();
    },
  };
}
