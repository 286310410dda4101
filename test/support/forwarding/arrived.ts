import type { SentFormat } from "../../../src/forwarding/destinations/destination.ts";
import { decodeOtlp } from "../formats/otlp-messages.ts";
import { parseCef } from "../formats/parse-cef.ts";
import { parseSyslog3164, parseSyslog5424 } from "../formats/parse-syslog.ts";

/** An event as it arrived somewhere: what finds it in the log. */
export interface Arrived {
  readonly id: number;
  readonly leafHash: string;
}

/** The event in a record of syslog. Throws where the record isn't of that format. */
export function eventInSyslog(record: string, format: SentFormat, protocol = "rfc5424"): Arrived {
  const octets = Buffer.from(record);
  if (protocol === "rfc3164") return eventInText(parseSyslog3164(octets).message, format);
  const { data, message } = parseSyslog5424(octets);
  if (format !== "syslog") return eventInText(message, format);
  const own = data.get("ironlog@32473");
  return arrived(own?.get("id"), own?.get("leafHash"));
}

function eventInText(message: string, format: SentFormat): Arrived {
  if (format === "json") return eventInDocument(JSON.parse(message) as object, format);
  const { extension } = parseCef(message);
  return arrived(extension.get("externalId"), extension.get("IronlogAuditLeafHash"));
}

interface AnyDocument {
  readonly id?: number | string;
  readonly leaf_hash?: string;
  readonly leafhash?: string;
  readonly event?: { readonly id: string; readonly hash: string };
  readonly metadata?: { readonly uid: string };
  readonly unmapped?: { readonly leaf_hash: string };
}

/** The event in an object of JSON. */
export function eventInDocument(document: object, format: SentFormat): Arrived {
  const { id, leaf_hash: leafHash, leafhash, event, metadata, unmapped } = document as AnyDocument;
  if (format === "ecs") return arrived(event?.id, event?.hash);
  if (format === "ocsf") return arrived(metadata?.uid, unmapped?.leaf_hash);
  return format === "json" ? arrived(id, leafHash) : arrived(id, leafhash);
}

/** The events in a request that a transport over HTTP has sent. */
export function eventsInRequest(transport: string, format: SentFormat, body: Buffer): readonly Arrived[] {
  if (format === "otlp-protobuf") return otlpEvents(decodeOtlp("Request", body));
  const text = body.toString();
  const documents = (some: readonly unknown[]): readonly Arrived[] =>
    some.map((document) => eventInDocument(document as object, format));
  switch (transport) {
    case "webhook":
      return documents(webhookEvents(JSON.parse(text), format));
    case "splunk":
      return documents(text.split("\n").map((line) => (JSON.parse(line) as { readonly event: object }).event));
    case "elasticsearch":
      return documents(linesOf(text).filter((_, at) => at % 2 === 1));
    case "loki": {
      const [stream] = (JSON.parse(text) as { readonly streams: readonly { readonly values: string[][] }[] }).streams;
      return documents((stream?.values ?? []).map(([, line = ""]) => JSON.parse(line) as unknown));
    }
    default:
      return otlpEvents(JSON.parse(text));
  }
}

/** The events in a file of JSON Lines, but for one whose line isn't written to its end yet. */
export function eventsInLines(text: string, format: SentFormat): readonly Arrived[] {
  return linesOf(text).map((document) => eventInDocument(document as object, format));
}

function linesOf(text: string): readonly unknown[] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown);
}

function webhookEvents(message: unknown, format: SentFormat): readonly unknown[] {
  if (format === "cloudevents") return [message];
  if (format === "cloudevents-batch") return message as readonly unknown[];
  return (message as { readonly data: { readonly events: readonly unknown[] } }).data.events;
}

interface OtlpRequest {
  readonly resourceLogs: readonly {
    readonly scopeLogs: readonly {
      readonly logRecords: readonly {
        readonly attributes: readonly {
          readonly key: string;
          readonly value: { readonly stringValue?: string; readonly intValue?: string };
        }[];
      }[];
    }[];
  }[];
}

function otlpEvents(request: unknown): readonly Arrived[] {
  return (request as OtlpRequest).resourceLogs.flatMap(({ scopeLogs }) =>
    scopeLogs.flatMap(({ logRecords }) =>
      logRecords.map(({ attributes }) => {
        const value = (name: string) => attributes.find(({ key }) => key === name)?.value;
        return arrived(value("ironlog.event.id")?.intValue, value("ironlog.leaf_hash")?.stringValue);
      }),
    ),
  );
}

function arrived(id: number | string | undefined, leafHash: string | undefined): Arrived {
  if (!/^[1-9]\d*$/.test(String(id)) || leafHash === undefined) throw new Error(`no event ${id} with hash ${leafHash}`);
  return { id: Number(id), leafHash };
}
