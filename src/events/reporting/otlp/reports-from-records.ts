import { hash } from "node:crypto";
import { Refusal } from "../../../refusal.ts";
import { rfc3339Micros } from "../../../time.ts";
import { canonicalJson, type CanonicalValue } from "../../../verifiable-log/canonical-json.ts";
import { checkAgainst } from "../../../http/native/check.ts";
import { actionFrom, descriptionFrom, findName, levelFrom, typeFrom } from "../../../reported/other-words.ts";
import type { Report } from "../report.ts";
import { parseReportedEvent, reportedEventSchema } from "../reported-event.ts";
import type { Attributes, LogRecord } from "./log-record.ts";

/** What becomes of records: those that can be recorded, and how many can't be, with the reason of the first. */
export interface RecordReports {
  readonly events: Report["events"];
  readonly rejected: number;
  readonly reason: string;
}

/** Makes an event of each record. `now` is in microseconds. */
export function reportsFromRecords(records: readonly LogRecord[], now: number): RecordReports {
  const events: Report["events"][number][] = [];
  const reasons: string[] = [];
  const equals = new Map<string, number>();
  for (const [index, record] of records.entries()) {
    try {
      const { draft } = parseReportedEvent(checkAgainst(reportedEventSchema, reportFrom(record)) as never, now, null);
      events.push({ draft, keyed: keyOf(record, equals) });
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== "invalid") throw error;
      reasons.push(`Record ${index}: ${error.message}`);
    }
  }
  return { events, rejected: reasons.length, reason: reasons[0] ?? "" };
}

/**
 * What makes a repeat harmless: the digest of all that the record says, and which one it is among equal ones of its request. A
 * record without any time has no key: the same text may well come again and mean another event.
 */
function keyOf(record: LogRecord, equals: Map<string, number>): Report["events"][number]["keyed"] {
  if (record.timeNanos === 0n && record.observedNanos === 0n) return undefined;
  const { timeNanos, observedNanos, ...rest } = record;
  const said = canonicalJson({
    ...rest,
    scope: { ...rest.scope },
    timeNanos: String(timeNanos),
    observedNanos: String(observedNanos),
  });
  const ordinal = equals.get(said) ?? 0;
  equals.set(said, ordinal + 1);
  const digest = hash("sha256", `${ordinal} ${said}`, "buffer");
  return { key: `otlp:${digest.toString("hex")}`, digest };
}

function reportFrom(record: LogRecord): object {
  const { attributes, resource, body, severityNumber, severityText } = record;
  const name = record.eventName || firstText(attributes, ["event.name"]) || "log.record";
  const text = typeof body === "string" ? body : body === null ? "" : canonicalJson(body);
  const description = descriptionFrom(text) || descriptionFrom(name);
  const nanos = record.timeNanos === 0n ? record.observedNanos : record.timeNanos;
  const username = findName(firstText(attributes, ["user.name", "enduser.id", "user.id"]));
  const hostname = findName(firstText(resource, ["host.name"]));
  return {
    level: levelFrom(severityNumber, severityText),
    type: typeFrom(name),
    action: actionFrom(name),
    description,
    outcome: firstText(attributes, ["event.outcome", "outcome"]) === "failure" ? "failure" : "success",
    ...(nanos !== 0n && { occurred: rfc3339Micros(Number(nanos / 1000n)) }),
    ...(username !== undefined && { username }),
    ...(hostname !== undefined && { hostname }),
    details: withoutEmpty({
      event_name: record.eventName,
      body: body === description ? null : body,
      severity: severityText,
      attributes,
      resource,
      scope: withoutEmpty({ ...record.scope }),
      trace_id: record.traceId,
      span_id: record.spanId,
      flags: record.flags,
      dropped_attributes: record.droppedAttributes,
      time_unix_nano: exactNanos(record.timeNanos),
    }),
  };
}

function firstText(attributes: Attributes, names: readonly string[]): string {
  const found = names.map((name) => (Object.hasOwn(attributes, name) ? attributes[name] : undefined));
  return found.find((value): value is string => typeof value === "string" && value !== "") ?? "";
}

/** Where microseconds don't say all of it. */
function exactNanos(nanos: bigint): string {
  return nanos % 1000n === 0n ? "" : String(nanos);
}

function withoutEmpty(members: { readonly [name: string]: CanonicalValue }): Attributes {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: CanonicalValue): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return value === null || value === "" || value === 0;
}
