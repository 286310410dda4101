import { randomBytes } from "node:crypto";
import type { EventTable } from "../database/tables.ts";
import { canonicalJson } from "../verifiable-log/canonical-json.ts";
import { commitment, leafBytes, leafHash, type PersonalContents, saltBytes } from "../verifiable-log/leaf.ts";
import type { Actor } from "./actor.ts";
import type { EventDraft } from "./event-draft.ts";

export const auditLevel = 0;

/** The row of an event: the draft, who acted and from where, and the leaf that seals both. `created` is in microseconds. */
export function eventRow(id: number, created: number, draft: EventDraft, actor: Actor): EventTable {
  const { origin } = actor;
  const details = actor.osUser === undefined ? draft.details : { ...draft.details, os_user: actor.osUser };
  const contents = {
    actor: actingColumns(draft, actor),
    origin: {
      ip: origin.ip,
      user_agent: origin.userAgent,
      endpoint: origin.endpoint,
      trace_id: origin.traceId,
      forwarded: origin.forwarded,
      reporter_id: null,
      reporter: null,
    },
    subject: {
      target_kind: draft.target?.kind ?? null,
      target_id: draft.target?.id ?? null,
      target_name: draft.target?.name ?? null,
      description: draft.description,
      details: details === undefined ? null : canonicalJson(details),
    },
    node: { node: draft.node?.systemId ?? null, hostname: draft.node?.hostname ?? null },
  };
  const lasting = {
    id,
    level: auditLevel,
    type: draft.type,
    action: draft.action,
    outcome: draft.outcome ?? "success",
    source: "ironlog",
    created,
    occurred: null,
  };
  const salts = randomBytes(4 * saltBytes);
  const salt = (index: number) => salts.subarray(index * saltBytes, (index + 1) * saltBytes);
  const sealed = Buffer.concat([
    commitment(salt(0), contents.actor),
    commitment(salt(1), contents.origin),
    commitment(salt(2), contents.subject),
    commitment(salt(3), contents.node),
  ]);
  return {
    ...lasting,
    ...contents.actor,
    actor_salt: salt(0),
    ...contents.origin,
    origin_salt: salt(1),
    ...contents.subject,
    subject_salt: salt(2),
    ...contents.node,
    node_salt: salt(3),
    sealed,
    leaf_hash: leafHash(leafBytes(lasting, sealed)),
  };
}

function actingColumns({ as }: EventDraft, { user }: Actor): PersonalContents["actor"] {
  if (as === "nobody") return { user_id: null, username: null };
  return { user_id: as?.userId ?? user?.id ?? null, username: as?.username ?? user?.username ?? null };
}
