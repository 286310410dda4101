import type { PlainEvent } from "../../database/event-columns.ts";
import { writeField, writeFixed64, writeMessage } from "../../events/reporting/otlp/wire.ts";
import { type EventParts, eventParts } from "./event-parts.ts";
import type { LogFacts } from "./log-facts.ts";
import { gradeOf } from "./severity.ts";

// The log data model of OpenTelemetry, as OTLP/HTTP carries it. Names of attributes are those of its semantic conventions; what these
// have no name for stands below `ironlog`.

/** An ExportLogsServiceRequest of events, in the JSON of OTLP: 64-bit numbers are text, ids of traces hexadecimal. */
export function otlpJson(rows: readonly PlainEvent[], facts: LogFacts): string {
  const logRecords = rows.map((row) => {
    const { attributes, body, ...record } = recordFrom(row, facts);
    return {
      timeUnixNano: String(record.timeNanos),
      observedTimeUnixNano: String(record.observedNanos),
      severityNumber: record.severityNumber,
      severityText: record.severityText,
      eventName: record.eventName,
      body: { stringValue: body },
      attributes: attributes.map(jsonPair),
      ...(record.traceId !== "" && { traceId: record.traceId }),
    };
  });
  const resource = { attributes: resourceOf(facts).map(jsonPair) };
  return JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ scope: scopeOf(facts), logRecords }] }] });
}

/** The same in Protocol Buffers. */
export function otlpProtobuf(rows: readonly PlainEvent[], facts: LogFacts): Buffer {
  const records = rows.map((row) => {
    const record = recordFrom(row, facts);
    return writeField(
      2,
      Buffer.concat([
        writeFixed64(1, record.timeNanos),
        writeFixed64(11, record.observedNanos),
        writeMessage({ 2: record.severityNumber, 3: record.severityText, 5: writeField(1, record.body) }),
        ...record.attributes.map((pair) => writeField(6, protobufPair(pair))),
        writeMessage({ 9: Buffer.from(record.traceId, "hex"), 12: record.eventName }),
      ]),
    );
  });
  const { name, version } = scopeOf(facts);
  const scopeLogs = Buffer.concat([writeField(1, writeMessage({ 1: name, 2: version })), ...records]);
  const resource = Buffer.concat(resourceOf(facts).map((pair) => writeField(1, protobufPair(pair))));
  return writeMessage({ 1: writeMessage({ 1: resource, 2: scopeLogs }) });
}

/** A name, and text or a whole number that isn't negative. */
type Attribute = readonly [name: string, value: string | number];

function jsonPair([key, value]: Attribute) {
  return { key, value: typeof value === "number" ? { intValue: String(value) } : { stringValue: value } };
}

function protobufPair([key, value]: Attribute): Buffer {
  return writeMessage({ 1: key, 2: writeField(typeof value === "number" ? 3 : 1, value) });
}

function resourceOf(facts: LogFacts): readonly Attribute[] {
  return [
    ["service.name", "ironlog"],
    ["service.version", facts.version.toWellFormed()],
    ["host.name", facts.hostname.toWellFormed()],
    ["ironlog.log.origin", facts.origin.toWellFormed()],
  ];
}

function scopeOf(facts: LogFacts) {
  return { name: "ironlog", version: facts.version.toWellFormed() };
}

function recordFrom(row: PlainEvent, facts: LogFacts) {
  const parts = eventParts(row, facts);
  const { event, time, message } = parts;
  const { otlp, otlpText } = gradeOf(event);
  return {
    timeNanos: BigInt(time) * 1_000n,
    observedNanos: BigInt(event.created) * 1_000n,
    severityNumber: otlp,
    severityText: otlpText,
    eventName: event.action,
    body: message,
    attributes: attributesOf(parts),
    // What callers name their requests by may be anything; a trace has 16 bytes that aren't all 0.
    traceId: /^(?!0{32})[0-9a-f]{32}$/.test(event.trace_id ?? "") ? (event.trace_id ?? "") : "",
  };
}

function attributesOf(parts: EventParts): readonly Attribute[] {
  const { event, address } = parts;
  const attributes: readonly (readonly [string, string | number | null | undefined])[] = [
    // Receivers that know records by this name take a repeat for what it is.
    ["log.record.uid", `${parts.origin}/${parts.id}`],
    ["ironlog.event.id", event.id],
    ["ironlog.leaf_hash", parts.leafHash],
    ["ironlog.log.origin", parts.origin],
    // Also where older receivers look for it, which don't know the record's own field.
    ["event.name", event.action],
    ["event.outcome", event.outcome],
    ["user.name", event.username],
    ["user.id", userIdOf(parts)],
    ["client.address", address?.ip ?? event.ip],
    ["user_agent.original", event.user_agent],
    ["session.id", event.session],
    ["error.message", event.outcome === "failure" ? parts.reason : null],
    ["ironlog.type", event.type],
    ["ironlog.source", event.source],
    ["ironlog.endpoint", event.endpoint],
    ["ironlog.forwarded", event.forwarded],
    ["ironlog.reporter", event.reporter],
    ["ironlog.key", event.key],
    ["ironlog.trace_id", event.trace_id],
    ["ironlog.target.kind", event.target_kind],
    ["ironlog.target.id", event.target_id],
    ["ironlog.target.name", event.target_name],
    ["ironlog.node.id", event.node],
    ["ironlog.node.hostname", event.hostname],
    ["ironlog.realm", event.realm],
    ["ironlog.generation", event.generation],
    ["ironlog.source_event_id", event.source_event_id],
    ["ironlog.source_type", event.source_type],
    ["ironlog.source_type_words", event.source_type_words],
    ["ironlog.details", event.details],
  ];
  return attributes.flatMap(([name, value]) => (value === null || value === undefined ? [] : [[name, value] as const]));
}

function userIdOf({ event }: EventParts): string | null {
  const id = event.user_id ?? event.realm_user_id;
  return id === null ? null : String(id);
}
