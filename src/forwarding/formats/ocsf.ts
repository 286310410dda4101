import { hash } from "node:crypto";
import type { PlainEvent } from "../../database/event-columns.ts";
import { rfc3339Micros } from "../../time.ts";
import { canonicalJson, type CanonicalValue } from "../../verifiable-log/canonical-json.ts";
import { type EventParts, eventParts, present } from "./event-parts.ts";
import type { LogFacts } from "./log-facts.ts";
import type { OcsfKind, OcsfVersion } from "./mapping.ts";
import { recordOf } from "./native-json.ts";
import { classMembers, kindOf } from "./ocsf-classes.ts";
import { gradeOf, mappingOf } from "./severity.ts";

type Members = Readonly<Record<string, unknown>>;

/**
 * An event of the Open Cybersecurity Schema Framework. The draft of 1.9 has a profile for the integrity of records: an attestation
 * whose id is the leaf's hash, in the chain that the log is.
 */
export function ocsfEvent(row: PlainEvent, facts: LogFacts, version: OcsfVersion): Members {
  const parts = eventParts(row, facts);
  const { event } = parts;
  const kind = kindOf(parts, mappingOf(event).ocsf[version]);
  const profiles = [...(kind.class === 0 ? ["host"] : []), ...(version === "1.8.0" ? [] : ["record_integrity"])];
  const body = {
    ...classification(kind, event),
    severity_id: gradeOf(event).ocsf,
    status_id: event.outcome === "success" ? 1 : 2,
    status: event.outcome === "success" ? "Success" : "Failure",
    ...present({ status_detail: parts.reason }),
    time: Math.floor(parts.time / 1000),
    message: parts.message,
    metadata: metadataOf(parts, facts, version, profiles),
    ...classMembers(parts, facts, kind),
    unmapped: unmappedOf(parts),
  };
  return version === "1.8.0" ? body : { ...body, attestation_list: [attest(body, parts)] };
}

function classification(kind: OcsfKind, { action }: PlainEvent): Members {
  return {
    category_uid: Math.floor(kind.class / 1000),
    class_uid: kind.class,
    activity_id: kind.activity,
    // "Other" is to be said in words.
    ...(kind.activity === 99 && { activity_name: action }),
    type_uid: kind.class * 100 + kind.activity,
  };
}

function metadataOf(parts: EventParts, facts: LogFacts, version: OcsfVersion, profiles: readonly string[]): Members {
  const { event } = parts;
  return {
    version,
    product: { name: "Ironlog", vendor_name: "Ironlog", version: facts.version },
    uid: parts.id,
    event_code: event.action,
    sequence: event.id,
    log_name: parts.origin,
    log_provider: event.source,
    logged_time: Math.floor(event.created / 1000),
    original_time: rfc3339Micros(parts.time),
    ...(event.trace_id !== null && { correlation_uid: event.trace_id }),
    ...(profiles.length > 0 && { profiles }),
  };
}

/** What stands elsewhere in the event in the same form. */
const mapped = new Set(["id", "created", "occurred", "description", "outcome", "trace_id", "source", "action"]);

function unmappedOf(parts: EventParts): Members {
  const rest = Object.entries(recordOf(parts)).filter(([name, value]) => value !== null && !mapped.has(name));
  return { ...Object.fromEntries(rest), tree_index: parts.treeIndex };
}

/**
 * The fingerprint is of all of the event but the fingerprint itself, so that the record can be checked alone; with the leaf's hash as
 * the attestation's id, it can be checked against the log.
 */
function attest(body: Members, { leafHash, origin }: EventParts): Members {
  const attestation = { uid: leafHash, authority_uid: origin, chain_uid: origin };
  // Numbers are whole and text is well-formed, as all that the log holds.
  const whole = { ...body, attestation_list: [attestation] } as unknown as CanonicalValue;
  const value = hash("sha256", canonicalJson(whole), "base64");
  const fingerprint = { algorithm_id: 3, algorithm: "SHA-256", encoding_id: 2, serialization_id: 2, value };
  return { ...attestation, fingerprint };
}
