import { randomBytes } from "node:crypto";
import type { EventTable } from "../database/tables.ts";
import { canonicalJson } from "../verifiable-log/canonical-json.ts";
import { commitment, leafBytes, leafHash, type PersonalContents, saltBytes } from "../verifiable-log/leaf.ts";
import type { Actor } from "./actor.ts";
import type { Draft } from "./action.ts";
import type { EventDraft, ReportedDraft } from "./event-draft.ts";

export const auditLevel = 0;

/** The row of an event: the draft, who acted and from where, and the leaf that seals both. `created` is in microseconds. */
export function eventRow(id: number, created: number, draft: Draft, actor: Actor): EventTable {
  const { origin } = actor;
  const own = "source" in draft ? reportedColumns(draft, actor) : ownColumns(draft, actor);
  const { details } = own;
  const contents = {
    actor: own.actor,
    origin: {
      ip: origin.ip,
      user_agent: origin.userAgent,
      endpoint: origin.endpoint,
      trace_id: origin.traceId,
      forwarded: origin.forwarded,
      ...own.reporter,
    },
    subject: {
      target_kind: draft.target?.kind ?? null,
      target_id: draft.target?.id ?? null,
      target_name: draft.target?.name ?? null,
      description: draft.description,
      details: details === undefined || details === null ? null : canonicalJson(details),
    },
    node: own.node,
  };
  const lasting = {
    id,
    level: own.level,
    type: draft.type,
    action: draft.action,
    outcome: draft.outcome ?? "success",
    source: own.source,
    created,
    occurred: own.occurred,
  };
  const salts = randomBytes(4 * saltBytes);
  const salt = (index: number) => salts.subarray(index * saltBytes, (index + 1) * saltBytes);
  const sealed = Buffer.concat([
    commitment("actor", salt(0), contents.actor),
    commitment("origin", salt(1), contents.origin),
    commitment("subject", salt(2), contents.subject),
    commitment("node", salt(3), contents.node),
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

/** What is Ironlog's own to say. */
function ownColumns(draft: EventDraft, actor: Actor) {
  return {
    level: auditLevel,
    source: "ironlog",
    occurred: null,
    actor: actingColumns(draft, actor),
    reporter: { reporter_id: null, reporter: null },
    details: actor.osUser === undefined ? draft.details : { ...draft.details, os_user: actor.osUser },
    node: { node: draft.node?.systemId ?? null, hostname: draft.node?.hostname ?? null },
  };
}

/** What another program says, and who brought it. */
function reportedColumns(draft: ReportedDraft, { user }: Actor) {
  const { level, source, occurred, username, details, node, hostname } = draft;
  return {
    level,
    source,
    occurred,
    // A name is all that it gives: an id would make it an event of that account's owner.
    actor: { user_id: null, username },
    reporter: { reporter_id: user?.id ?? null, reporter: user?.username ?? null },
    details,
    node: { node, hostname },
  };
}

function actingColumns({ as }: EventDraft, { user }: Actor): PersonalContents["actor"] {
  if (as === "nobody") return { user_id: null, username: null };
  return { user_id: as?.userId ?? user?.id ?? null, username: as?.username ?? user?.username ?? null };
}
