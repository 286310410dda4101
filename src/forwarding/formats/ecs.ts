import type { PlainEvent } from "../../database/event-columns.ts";
import { levelName } from "../../events/filter/level.ts";
import { rfc3339Micros, rfc3339OrNull } from "../../time.ts";
import { type EventParts, eventParts, present } from "./event-parts.ts";
import type { LogFacts } from "./log-facts.ts";
import { mappingOf, severityOf } from "./severity.ts";

/** The version of the Elastic Common Schema whose fields are used. */
const ecsVersion = "9.4.0";

/**
 * An event as the Elastic Common Schema has it. What that has no field for stands below `ironlog`; details are text there, since their
 * members may be of any type, and an index takes one type for each name.
 */
export function ecsDocument(row: PlainEvent, facts: LogFacts): Readonly<Record<string, unknown>> {
  const parts = eventParts(row, facts);
  const { event, address } = parts;
  const { ecs } = mappingOf(event);
  return {
    "@timestamp": rfc3339Micros(parts.time),
    ecs: { version: ecsVersion },
    message: parts.message,
    event: present({
      kind: "event",
      ...(ecs.categories.length > 0 && { category: ecs.categories }),
      type: ecs.types,
      action: event.action,
      outcome: event.outcome,
      id: parts.id,
      code: event.type,
      created: rfc3339Micros(event.created),
      sequence: parts.treeIndex,
      hash: parts.leafHash,
      severity: severityOf(event),
      reason: parts.reason,
      module: "ironlog",
      dataset: "ironlog.audit",
      provider: event.source,
    }),
    ...present({
      user: userOf(parts),
      source: present({ ip: address?.ip, address: event.ip }),
      client: present({ ip: address?.ip, address: event.ip }),
      user_agent: present({ original: event.user_agent }),
      host: present({ id: event.node, name: event.hostname }),
      trace: present({ id: event.trace_id }),
      related: relatedOf(parts),
    }),
    log: { level: levelName(event.level) },
    observer: { vendor: "Ironlog", product: "Ironlog", version: facts.version, hostname: facts.hostname },
    ironlog: ironlogOf(parts),
  };
}

function userOf({ event, targetUser }: EventParts) {
  return present({
    id:
      event.user_id === null
        ? event.realm_user_id === null
          ? null
          : String(event.realm_user_id)
        : String(event.user_id),
    name: event.username,
    domain: event.realm,
    target: targetUser === undefined ? undefined : present(targetUser),
  });
}

function relatedOf({ event, targetUser, address }: EventParts) {
  const named = [event.username, targetUser?.name, event.reporter];
  const user = [...new Set(named.filter((name) => name !== null && name !== undefined))];
  return present({
    user: user.length === 0 ? null : user,
    ip: address === undefined ? null : [address.ip],
    hosts: event.hostname === null ? null : [event.hostname],
  });
}

function ironlogOf({ event, origin, leafHash }: EventParts) {
  return present({
    log_origin: origin,
    leaf_hash: leafHash,
    occurred: rfc3339OrNull(event.occurred),
    endpoint: event.endpoint,
    forwarded: event.forwarded,
    reporter: event.reporter,
    session: event.session,
    key: event.key,
    target: present({ kind: event.target_kind, id: event.target_id, name: event.target_name }),
    details: event.details,
    generation: event.generation,
    source_event_id: event.source_event_id,
    source_type: event.source_type,
    source_type_words: event.source_type_words,
  });
}
