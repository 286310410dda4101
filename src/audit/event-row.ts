import { randomBytes } from "node:crypto";
import type { EventTable } from "../database/tables.ts";
import { canonicalJson } from "../verifiable-log/canonical-json.ts";
import { type EventContents, type GroupContents, personalGroups } from "../verifiable-log/event-fields.ts";
import { commitment, leafBytes, leafHash, saltBytes } from "../verifiable-log/leaf.ts";
import type { Actor } from "./actor.ts";
import type { Draft } from "./action.ts";
import type { EventDraft, ReportedDraft } from "./event-draft.ts";

export const auditLevel = 0;

/** The row of an event: the draft, who acted and from where, and the leaf that fixes both. `created` is in microseconds. */
export function eventRow(id: number, created: number, draft: Draft, actor: Actor): EventTable {
  const { origin } = actor;
  const { details, ...own } = "source" in draft ? reportedFields(draft, actor) : ownFields(draft, actor);
  const contents: EventContents = {
    id,
    type: draft.type,
    action: draft.action,
    outcome: draft.outcome ?? "success",
    created,
    ip: origin.ip,
    user_agent: origin.userAgent,
    endpoint: origin.endpoint,
    trace_id: origin.traceId,
    forwarded: origin.forwarded,
    target_kind: draft.target?.kind ?? null,
    target_id: draft.target?.id ?? null,
    target_name: draft.target?.name ?? null,
    description: draft.description,
    details: details === undefined || details === null ? null : canonicalJson(details),
    ...own,
  };
  const salts = randomBytes(personalGroups.length * saltBytes);
  const salt = (at: number): Buffer => salts.subarray(at * saltBytes, (at + 1) * saltBytes);
  const sealed = Buffer.concat(personalGroups.map((group, at) => commitment(group, salt(at), contents)));
  const [actor_salt, origin_salt, subject_salt, node_salt] = [salt(0), salt(1), salt(2), salt(3)];
  const leaf_hash = leafHash(leafBytes(contents, sealed));
  return { ...contents, actor_salt, origin_salt, subject_salt, node_salt, sealed, leaf_hash };
}

/** What is Ironlog's own to say. */
function ownFields(draft: EventDraft, actor: Actor) {
  return {
    level: auditLevel,
    source: "ironlog",
    occurred: null,
    ...actingFields(draft, actor),
    reporter_id: null,
    reporter: null,
    details: actor.osUser === undefined ? draft.details : { ...draft.details, os_user: actor.osUser },
    node: draft.node?.systemId ?? null,
    hostname: draft.node?.hostname ?? null,
  };
}

/** What another program says, and who brought it. */
function reportedFields(draft: ReportedDraft, { user }: Actor) {
  const { level, source, occurred, username, details, node, hostname } = draft;
  return {
    level,
    source,
    occurred,
    // A name is all that it gives: an id would make it an event of that account's owner.
    user_id: null,
    username,
    reporter_id: user?.id ?? null,
    reporter: user?.username ?? null,
    details,
    node,
    hostname,
  };
}

function actingFields({ as }: EventDraft, { user }: Actor): GroupContents<"actor"> {
  if (as === "nobody") return { user_id: null, username: null };
  return { user_id: as?.userId ?? user?.id ?? null, username: as?.username ?? user?.username ?? null };
}
