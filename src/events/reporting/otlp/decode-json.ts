import { parseJson } from "../../../http/request/json-text.ts";
import { invalidField } from "../../../refusal.ts";
import type { CanonicalValue } from "../../../verifiable-log/canonical-json.ts";
import {
  type Attributes,
  cleanText,
  doubleText,
  type LogRecord,
  refuseTooMany,
  type LogScope,
  wholeNumber,
} from "./log-record.ts";

/** What fits into the largest body in sensible pieces. */
const valuesMax = 500_000;

/** The records of an ExportLogsServiceRequest in JSON. Fields that aren't known are passed over. */
export function decodeJsonLogs(bytes: Buffer): readonly LogRecord[] {
  const request = asObject(parseJson(bytes, { valuesMax, inexact: "as text" }), "body");
  const records = listAt(request, "resourceLogs").flatMap((resourceLogs) => {
    const resource = attributesOf(objectAt(resourceLogs, "resource"));
    return listAt(resourceLogs, "scopeLogs").flatMap((scopeLogs) => {
      const scope = decodeScope(objectAt(scopeLogs, "scope"));
      return listAt(scopeLogs, "logRecords").map((record) => decodeRecord(record, resource, scope));
    });
  });
  refuseTooMany(records.length);
  return records;
}

type Members = ReadonlyMap<string, unknown>;

function decodeScope(scope: Members): LogScope {
  return { name: textAt(scope, "name"), version: textAt(scope, "version"), attributes: attributesOf(scope) };
}

function decodeRecord(record: Members, resource: Attributes, scope: LogScope): LogRecord {
  const body = record.get("body");
  return {
    resource,
    scope,
    timeNanos: wholeAt(record, "timeUnixNano"),
    observedNanos: wholeAt(record, "observedTimeUnixNano"),
    severityNumber: Number(wholeAt(record, "severityNumber")),
    severityText: textAt(record, "severityText"),
    body: body === undefined || body === null ? null : decodeValue(asObject(body, "body")),
    attributes: attributesOf(record),
    droppedAttributes: Number(wholeAt(record, "droppedAttributesCount")),
    flags: Number(wholeAt(record, "flags")),
    traceId: textAt(record, "traceId").toLowerCase(),
    spanId: textAt(record, "spanId").toLowerCase(),
    eventName: textAt(record, "eventName"),
  };
}

function attributesOf(owner: Members, name = "attributes"): Attributes {
  const pairs = listAt(owner, name).map((pair) => [textAt(pair, "key"), decodeValue(objectAt(pair, "value"))] as const);
  return Object.fromEntries(pairs);
}

/** An AnyValue; null for an empty one. */
function decodeValue(value: Members): CanonicalValue {
  if (value.has("stringValue")) return textAt(value, "stringValue");
  if (value.has("boolValue")) return value.get("boolValue") === true;
  if (value.has("intValue")) return wholeNumber(wholeAt(value, "intValue"));
  if (value.has("doubleValue")) return doubleText(Number(value.get("doubleValue")));
  if (value.has("bytesValue")) return textAt(value, "bytesValue");
  if (value.has("arrayValue")) return listAt(objectAt(value, "arrayValue"), "values").map(decodeValue);
  return value.has("kvlistValue") ? attributesOf(objectAt(value, "kvlistValue"), "values") : null;
}

function asObject(value: unknown, name: string): Members {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return new Map(Object.entries(value));
  throw invalidField(name, "Send an object here, as OTLP's JSON has it.");
}

function objectAt(owner: Members, name: string): Members {
  const value = owner.get(name);
  return value === undefined || value === null ? new Map() : asObject(value, name);
}

function listAt(owner: Members, name: string): readonly Members[] {
  const value = owner.get(name);
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalidField(name, "Send an array here, as OTLP's JSON has it.");
  return value.map((member) => asObject(member, name));
}

function textAt(owner: Members, name: string): string {
  const value = owner.get(name);
  if (value === undefined || value === null) return "";
  if (typeof value !== "string") throw invalidField(name, "Send text here, as OTLP's JSON has it.");
  return cleanText(value);
}

/** 64-bit numbers are text in JSON, smaller ones may be numbers. */
function wholeAt(owner: Members, name: string): bigint {
  const value = owner.get(name);
  if (value === undefined || value === null || value === "") return 0n;
  const isWhole = (typeof value === "string" || typeof value === "number") && /^-?\d{1,20}$/.test(String(value));
  if (!isWhole) throw invalidField(name, "Send a whole number here, as text or as a number.");
  return BigInt(value);
}
