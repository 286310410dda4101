import os from "node:os";
import { findIdentity } from "../../transparency/queries.ts";
import type { Database } from "../../database/database.ts";
import type { PlainEvent } from "../../database/event-columns.ts";
import { version } from "../../terminal/version.ts";
import type { OpenDestination } from "../destinations/destination-queries.ts";
import { cloudEvent } from "../formats/cloud-event.ts";
import { ecsDocument } from "../formats/ecs.ts";
import type { LogFacts } from "../formats/log-facts.ts";
import { nativeRecord } from "../formats/native-json.ts";
import { ocsfEvent } from "../formats/ocsf.ts";
import { otlpJson, otlpProtobuf } from "../formats/otlp.ts";
import { syslogRecord } from "../formats/syslog.ts";
import { fileReceiver } from "../transports/file-receiver.ts";
import { elasticsearchReceiver } from "../transports/http/elasticsearch.ts";
import type { HttpReceiverOptions } from "../transports/http/http-client.ts";
import { lokiReceiver } from "../transports/http/loki.ts";
import { otlpReceiver } from "../transports/http/otlp.ts";
import { splunkReceiver } from "../transports/http/splunk.ts";
import { webhookReceiver } from "../transports/http/webhook.ts";
import type { Receiver } from "../transports/receiver.ts";
import { type ListeningAddress, unbracketed } from "../transports/safe-receiver.ts";
import { syslogStreamReceiver } from "../transports/syslog/syslog-stream.ts";
import { syslogUdpReceiver } from "../transports/syslog/syslog-udp.ts";
import type { ReceiverTls } from "../transports/tls.ts";
import { alertMail } from "./alert-mail.ts";

export interface ReceiverParts {
  readonly db: Database;
  /** Where this server listens; undefined before it does. */
  listensAt(): string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What it takes to make a receiver, beside the destination. */
interface Surroundings {
  readonly facts: LogFacts;
  readonly own: readonly ListeningAddress[];
  readonly environment: ReceiverParts["environment"];
}

const logAudit = 13;
const documentationNumber = 32_473;
const octetsMax = 8_000;
const datagramOctetsMax = 2_048;
const hourMs = 3_600_000;
const submissionPort = 587;
const smtpsPort = 465;

/** Makes what sends to a destination, as it is set. Throws what is wrong with its settings. */
export function receiverOpener({ db, listensAt, environment }: ReceiverParts) {
  return async (destination: OpenDestination): Promise<Receiver> => {
    const identity = await findIdentity(db);
    // A log that was never signed has no name of its own yet.
    const facts = { origin: identity?.origin ?? os.hostname(), version, hostname: os.hostname() };
    return openReceiver(destination, { facts, own: ownAddress(listensAt()), environment });
  };
}

async function openReceiver(destination: OpenDestination, around: Surroundings): Promise<Receiver> {
  const { transport, settings } = destination;
  const { facts } = around;
  const { origin } = facts;
  const document = documentOf(destination, facts);
  switch (transport) {
    case "syslog":
      return openSyslog(destination, around);
    case "webhook": {
      const key = destination.secret("signing_key");
      const options = { ...httpOptions(destination, around), origin, keys: key === undefined ? [] : [key] };
      return webhookReceiver({ ...options, ...(destination.format === "cloudevents" && { eventsMax: 1 }) }, (events) =>
        webhookBody(destination, events.map(document)),
      );
    }
    case "splunk": {
      const { index, acknowledge: waitsForIndexer = false } = settings;
      const token = destination.secret("token") ?? "";
      const { headers: _bearer, ...options } = httpOptions(destination, around);
      return splunkReceiver({ ...options, token, index, waitsForIndexer, host: facts.hostname }, document);
    }
    case "elasticsearch":
      return elasticsearchReceiver(
        { ...httpOptions(destination, around, "ApiKey"), index: settings.index ?? "", origin },
        document,
      );
    case "loki": {
      const labels = { job: "ironlog", log: origin };
      return lokiReceiver({ ...httpOptions(destination, around), labels, tenant: settings.tenant }, document);
    }
    case "otlp":
      return otlpReceiver(httpOptions(destination, around), (events) =>
        destination.format === "otlp-json"
          ? { contentType: "application/json", bytes: Buffer.from(otlpJson(events, facts)) }
          : { contentType: "application/x-protobuf", bytes: otlpProtobuf(events, facts) },
      );
    case "file": {
      const { directory: folder = "", rotate_bytes: bytesMax, rotate_hours: hours } = settings;
      const options = { folder, name: destination.name };
      return fileReceiver(
        {
          ...options,
          ...(bytesMax !== undefined && { bytesMax }),
          ...(hours !== undefined && { ageMsMax: hours * hourMs }),
        },
        (event) => Buffer.from(JSON.stringify(document(event))),
      );
    }
    case "email":
      return openEmail(destination, around);
  }
}

function openSyslog(destination: OpenDestination, { facts, own }: Surroundings): Receiver {
  const { settings, format } = destination;
  const url = new URL(settings.url ?? "");
  const isDatagram = url.protocol === "udp:";
  const options = {
    protocol: settings.protocol ?? "rfc5424",
    body: format === "cef" || format === "json" ? format : "structured",
    facility: settings.facility ?? logAudit,
    limit: settings.record_limit ?? (isDatagram ? datagramOctetsMax : octetsMax),
    enterpriseNumber: settings.enterprise_number ?? documentationNumber,
  } as const;
  const place = { host: unbracketed(url.hostname), port: Number(url.port), own };
  const record = (event: PlainEvent): Buffer => syslogRecord(event, facts, options);
  if (isDatagram) return syslogUdpReceiver(place, record);
  const framing = settings.framing ?? "octet-counting";
  return syslogStreamReceiver(
    { ...place, framing, ...(url.protocol === "tls:" && { tls: tlsOf(destination) }) },
    record,
  );
}

/** Nodemailer is loaded where somebody wants mail. */
async function openEmail(destination: OpenDestination, { facts, own }: Surroundings): Promise<Receiver> {
  const { emailReceiver } = await import("../transports/email.ts");
  const { url: address = "", username: user, from = "", to = [], plain_http: isPlain = false } = destination.settings;
  const url = new URL(address);
  const isTls = url.protocol === "smtps:";
  const password = destination.secret("password") ?? "";
  const security = isTls ? "tls" : isPlain ? "plain" : "starttls";
  return emailReceiver(
    {
      host: unbracketed(url.hostname),
      port: url.port === "" ? (isTls ? smtpsPort : submissionPort) : Number(url.port),
      own,
      security,
      tls: tlsOf(destination),
      ...(user !== undefined && { login: { user, password } }),
      from,
      to,
      origin: facts.origin,
    },
    (event) => alertMail(event, facts),
  );
}

function httpOptions(
  destination: OpenDestination,
  { own, environment }: Surroundings,
  scheme = "Bearer",
): HttpReceiverOptions {
  const { url = "", username } = destination.settings;
  const token = destination.secret("token");
  const password = destination.secret("password") ?? "";
  const login = Buffer.from(`${username}:${password}`).toString("base64");
  const authorization = token === undefined ? `Basic ${login}` : `${scheme} ${token}`;
  const hasLogin = token !== undefined || username !== undefined;
  return { url, own, environment, tls: tlsOf(destination), ...(hasLogin && { headers: { authorization } }) };
}

function tlsOf(destination: OpenDestination): ReceiverTls {
  const { ca, server_name: serverName, client_certificate: certificate } = destination.settings;
  return { ca, serverName, certificate, key: destination.secret("client_key") };
}

/** What a destination gets of an event, where that is an object of JSON. */
function documentOf({ format, settings }: OpenDestination, facts: LogFacts): (event: PlainEvent) => object {
  if (format === "ecs") return (event) => ecsDocument(event, facts);
  if (format === "ocsf") return (event) => ocsfEvent(event, facts, settings.ocsf_version ?? "1.8.0");
  if (format === "cloudevents" || format === "cloudevents-batch") return (event) => cloudEvent(event, facts);
  return (event) => nativeRecord(event, facts);
}

function webhookBody({ format }: OpenDestination, documents: readonly object[]) {
  if (format === "cloudevents") return bodyOf("application/cloudevents+json; charset=utf-8", documents[0]);
  if (format === "cloudevents-batch") return bodyOf("application/cloudevents-batch+json; charset=utf-8", documents);
  const timestamp = new Date().toISOString();
  return bodyOf("application/json", { type: "ironlog.events", timestamp, data: { format, events: documents } });
}

function bodyOf(contentType: string, value: unknown) {
  return { contentType, bytes: Buffer.from(JSON.stringify(value)) };
}

function ownAddress(address: string | undefined): readonly ListeningAddress[] {
  if (address === undefined) return [];
  const url = new URL(address);
  const defaultPort = url.protocol === "https:" ? 443 : 80;
  return [{ host: unbracketed(url.hostname), port: url.port === "" ? defaultPort : Number(url.port) }];
}
