import { Type } from "typebox";
import type { EventTable } from "../../database/tables.ts";
import { rfc3339Micros } from "../../time.ts";
import { levelName } from "../filter/level.ts";
import { typeWords } from "./maas-rendering.ts";

const orNull = Type.Union([Type.String(), Type.Null()]);
const integerOrNull = Type.Union([Type.Integer(), Type.Null()]);

/** An event with all that is recorded of it, as the native API shows it. */
export const eventSchema = Type.Object({
  id: Type.Integer({ description: "Dense, in the order of commit." }),
  level: Type.String(),
  type: Type.String({ description: "Stable name." }),
  type_words: Type.String({ description: "As MAAS shows it." }),
  action: Type.String(),
  outcome: Type.Enum(["success", "failure"]),
  source: Type.Enum(["ironlog", "external"]),
  created: Type.String({ format: "date-time", description: "When it was recorded, UTC, in microseconds." }),
  occurred: Type.String({ format: "date-time", description: "When it happened." }),
  username: orNull,
  user_id: integerOrNull,
  ip: orNull,
  user_agent: orNull,
  endpoint: orNull,
  trace_id: orNull,
  forwarded: orNull,
  reporter: orNull,
  target_kind: orNull,
  target_id: orNull,
  target_name: orNull,
  description: orNull,
  details: Type.Union([Type.Object({}), Type.Null()]),
  node: orNull,
  hostname: orNull,
  leaf_hash: Type.String({ description: "Base64 of the leaf's SHA-256 (RFC 6962)." }),
});

/** All but the salts and the commitments. */
export const nativeColumns = [
  "id",
  "level",
  "type",
  "action",
  "outcome",
  "source",
  "created",
  "occurred",
  "username",
  "user_id",
  "ip",
  "user_agent",
  "endpoint",
  "trace_id",
  "forwarded",
  "reporter",
  "target_kind",
  "target_id",
  "target_name",
  "description",
  "details",
  "node",
  "hostname",
  "leaf_hash",
] as const satisfies readonly (keyof EventTable)[];

export function nativeEvent(event: Pick<EventTable, (typeof nativeColumns)[number]>) {
  const details: unknown = event.details === null ? null : JSON.parse(event.details);
  return {
    id: event.id,
    level: levelName(event.level),
    type: event.type,
    type_words: typeWords(event.type),
    action: event.action,
    outcome: event.outcome,
    source: event.source,
    created: rfc3339Micros(event.created),
    occurred: rfc3339Micros(event.occurred ?? event.created),
    username: event.username,
    user_id: event.user_id,
    ip: event.ip,
    user_agent: event.user_agent,
    endpoint: event.endpoint,
    trace_id: event.trace_id,
    forwarded: event.forwarded,
    reporter: event.reporter,
    target_kind: event.target_kind,
    target_id: event.target_id,
    target_name: event.target_name,
    description: event.description,
    details,
    node: event.node,
    hostname: event.hostname,
    leaf_hash: Buffer.from(event.leaf_hash).toString("base64"),
  };
}
