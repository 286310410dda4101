import { isUtf8 } from "node:buffer";
import { hash } from "node:crypto";
import { Type } from "typebox";
import { eachOf, mediaType, parseJsonBody } from "../../../http/native/body.ts";
import type { OtherFormats, SentBody } from "../../../http/native/operation.ts";
import { findPercentDecoded } from "../../../http/request/text.ts";
import { invalidField, Refusal } from "../../../refusal.ts";
import { actionFrom, descriptionFrom, findName, levelFrom, typeFrom } from "../../../reported/other-words.ts";

const structuredType = "application/cloudevents+json";
const batchType = "application/cloudevents-batch+json";

const cloudEventSchema = Type.Object(
  {
    specversion: Type.Literal("1.0"),
    id: Type.String(),
    source: Type.String(),
    type: Type.String(),
    subject: Type.Optional(Type.String()),
    time: Type.Optional(Type.String({ format: "date-time" })),
    data: Type.Optional(Type.Unknown()),
    data_base64: Type.Optional(Type.String()),
  },
  { description: "CloudEvents 1.0." },
);

/** CloudEvents 1.0 over HTTP: one event, a batch, or one whose attributes are headers. */
export const cloudEventFormats: OtherFormats = {
  content: { [structuredType]: cloudEventSchema, [batchType]: Type.Array(cloudEventSchema) },
  read(sent) {
    const type = mediaType(sent.headers["content-type"]);
    if (type === structuredType) return [reportFrom(asAttributes(parse(sent.bytes, {})))];
    if (type === batchType) {
      const batch = parse(sent.bytes, { listValuesMax });
      if (!Array.isArray(batch)) throw new Refusal("invalid", `Send an array of events as ${batchType}.`);
      return eachOf(batch, (one) => reportFrom(asAttributes(one)));
    }
    return sent.headers["ce-specversion"] === undefined ? undefined : [reportFrom(binaryAttributes(sent, type))];
  },
};

const valuesMax = 10_000;
const listValuesMax = 500_000;

function parse(bytes: Buffer, more: { readonly listValuesMax?: number }): unknown {
  return parseJsonBody(bytes, { valuesMax, ...more, inexact: "as text" });
}

type Attributes = ReadonlyMap<string, unknown>;

function asAttributes(value: unknown): Attributes {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return new Map(Object.entries(value));
  throw new Refusal("invalid", "Send a JSON object for each event.");
}

/** The attributes that stand in headers, percent-encoded, and the body as the event's data. */
function binaryAttributes({ headers, bytes }: SentBody, type: string): Attributes {
  const attributes = new Map<string, unknown>();
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith("ce-") || value === undefined) continue;
    const text = findPercentDecoded(String(value));
    if (text === undefined) throw invalidField(name, "Send UTF-8, percent-encoded.");
    attributes.set(name.slice("ce-".length), text);
  }
  if (type !== "") attributes.set("datacontenttype", type);
  if (bytes.length === 0) return attributes;
  if (type === "application/json" || type.endsWith("+json")) return attributes.set("data", parse(bytes, {}));
  // NUL is UTF-8, but nothing that the log could hold as text.
  const isText = isUtf8(bytes) && !bytes.includes(0);
  return attributes.set(isText ? "data" : "data_base64", bytes.toString(isText ? "utf8" : "base64"));
}

/** Attributes that have a field of their own, or are of no interest once the event is stored. */
const mapped = new Set(["specversion", "data", "data_base64"]);

function reportFrom(event: Attributes): unknown {
  if (event.get("specversion") !== "1.0") {
    throw invalidField("specversion", "Send CloudEvents 1.0: this must be '1.0'.");
  }
  const [id, source, type] = [required(event, "id"), required(event, "source"), required(event, "type")];
  const subject = findText(event, "subject");
  const data = event.get("data");
  const target = findName(subject);
  const username = findName(event.get("authid"));
  const context = [...event].filter(([name]) => !mapped.has(name));
  const time = findText(event, "time");
  return {
    level: levelFrom(Number(event.get("severitynumber") ?? 0), findText(event, "severitytext")),
    type: typeFrom(type),
    action: actionFrom(type),
    description: descriptionFrom(findSentence(data) ?? [type, subject, "from", source].filter(Boolean).join(" ")),
    ...(time !== undefined && { occurred: time }),
    ...(username !== undefined && { username }),
    ...(target !== undefined && { target: { id: target } }),
    details: {
      cloudevent: Object.fromEntries(context),
      ...(data !== undefined && { data }),
      ...(event.has("data_base64") && { data_base64: event.get("data_base64") }),
    },
    // Source and id name an event for good, and each alone may be longer than a key.
    key: `cloudevent:${hash("sha256", JSON.stringify([source, id]), "hex")}`,
  };
}

/** What the event's data says to people, where it has a member that is usually that. */
function findSentence(data: unknown): string | undefined {
  if (typeof data === "string") return data.trim() === "" ? undefined : data;
  if (typeof data !== "object" || data === null) return undefined;
  const members = new Map<string, unknown>(Object.entries(data));
  const texts = ["description", "message", "summary", "msg", "text"].map((name) => members.get(name));
  return texts.find((text): text is string => typeof text === "string" && text.trim() !== "");
}

function required(event: Attributes, name: string): string {
  const text = findText(event, name);
  if (text === undefined || text === "") throw invalidField(name, "This attribute is required in a CloudEvent.");
  return text;
}

function findText(event: Attributes, name: string): string | undefined {
  const value = event.get(name);
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw invalidField(name, "Send text here.");
  return value;
}
