import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { SentFormat, Transport } from "../../../src/forwarding/destinations/destination.ts";
import { freshFolder } from "../databases/databases.ts";
import type { TestCertificates } from "../receivers/certificates.ts";
import { startDatagramReceiver } from "../receivers/datagrams.ts";
import { fakeIndex } from "../receivers/elasticsearch.ts";
import { type HttpReceiver, type HttpReply, startHttpReceiver } from "../receivers/http-receiver.ts";
import { startSyslogReceiver, type SyslogReceiver } from "../receivers/syslog-receiver.ts";
import { type Arrived, eventInSyslog, eventsInLines, eventsInRequest } from "./arrived.ts";

/** A receiver of one transport, and what a destination must be told to send there. */
export interface Collector extends AsyncDisposable {
  readonly destination: Readonly<Record<string, unknown>> & {
    readonly transport: Transport;
    readonly format: SentFormat;
  };
  /** Events in the order in which they arrived, repeats included. */
  arrived(): readonly Arrived[];
}

export interface SyslogCollector extends Collector {
  readonly receiver: SyslogReceiver;
}

export interface HttpCollector extends Collector {
  readonly receiver: HttpReceiver;
}

interface SyslogWanted {
  readonly format: SentFormat;
  readonly framing?: "octet-counting" | "lf";
  readonly protocol?: "rfc5424" | "rfc3164";
  readonly certificates?: TestCertificates;
}

/** Syslog over TCP, or over TLS where there are certificates. */
export async function syslogCollector({
  format,
  framing = "octet-counting",
  protocol = "rfc5424",
  certificates,
}: SyslogWanted): Promise<SyslogCollector> {
  const { certificate: cert, key } = certificates?.server ?? {};
  const tls = { cert, key, ca: certificates?.ca, requestCert: true, rejectUnauthorized: true };
  const receiver = await startSyslogReceiver({ framing, ...(certificates !== undefined && { tls }) });
  const place = certificates === undefined ? "tcp://127.0.0.1" : "tls://localhost";
  const url = `${place}:${receiver.port}`;
  return {
    receiver,
    destination: { transport: "syslog", format, url, framing, protocol, ...trust(certificates) },
    arrived: () => receiver.messages.map((message) => eventInSyslog(message, format, protocol)),
    [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose](),
  };
}

export async function datagramCollector(format: SentFormat): Promise<Collector> {
  const receiver = await startDatagramReceiver();
  return {
    destination: { transport: "syslog", format, url: `udp://127.0.0.1:${receiver.port}` },
    arrived: () => receiver.messages.map((message) => eventInSyslog(message, format)),
    [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose](),
  };
}

/** What each transport over HTTP needs beside the address. */
const settings = {
  webhook: { signing_key: `whsec_${Buffer.from("the webhook's key, 32 bytes long").toString("base64")}` },
  splunk: { token: "the-token-of-hec" },
  elasticsearch: { index: "ironlog", username: "elastic", password: "the-password-of-elastic" },
  loki: { tenant: "audit", token: "the-token-of-loki" },
  otlp: {},
} as const;

/** A receiver over HTTP, or over HTTPS with client certificates where there are some. */
export async function httpCollector(
  transport: keyof typeof settings,
  format: SentFormat,
  certificates?: TestCertificates,
): Promise<HttpCollector> {
  const { certificate: cert, key } = certificates?.server ?? {};
  const tls = { cert, key, ca: certificates?.ca, requestCert: true, rejectUnauthorized: true };
  const receiver = await startHttpReceiver(certificates === undefined ? {} : { tls });
  const index = fakeIndex();
  const replies: Readonly<Record<keyof typeof settings, HttpReceiver["reply"]>> = {
    webhook: () => ({ status: 204 }),
    splunk: () => json({ text: "Success", code: 0 }),
    elasticsearch: index.reply,
    loki: () => ({ status: 204 }),
    otlp: () => json({}),
  };
  receiver.reply = replies[transport];
  return {
    receiver,
    destination: { transport, format, url: receiver.url, ...settings[transport], ...trust(certificates) },
    arrived: () => receiver.requests.flatMap(({ body }) => eventsInRequest(transport, format, body)),
    [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose](),
  };
}

export async function fileCollector(format: SentFormat): Promise<Collector> {
  const { folder, [Symbol.dispose]: remove } = freshFolder();
  return {
    destination: { transport: "file", format, directory: folder },
    arrived: () => eventsInFolder(folder, format),
    async [Symbol.asyncDispose]() {
      remove();
    },
  };
}

/** The events in a folder's files, from the oldest file on. */
export function eventsInFolder(folder: string, format: SentFormat): readonly Arrived[] {
  const files = readdirSync(folder).toSorted();
  return files.flatMap((file) => eventsInLines(readFileSync(path.join(folder, file), "utf8"), format));
}

function json(value: object): HttpReply {
  return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}

function trust(certificates: TestCertificates | undefined) {
  if (certificates === undefined) return {};
  const { ca, client } = certificates;
  return { ca, client_certificate: client.certificate, client_key: client.key };
}
