import { randomBytes } from "node:crypto";
import type { EventTable } from "../database/tables.ts";
import { canonicalJson } from "../verifiable-log/canonical-json.ts";
import { addressBytes } from "../verifiable-log/address-bytes.ts";
import {
  type EventContents,
  type EventGroup,
  eventGroups,
  type GroupContents,
} from "../verifiable-log/event-fields.ts";
import {
  commitmentOf,
  emptyCommitment,
  isEmptyGroup,
  leafBytes,
  leafHash,
  membersOf,
  saltBytes,
} from "../verifiable-log/leaf.ts";
import type { Actor } from "./actor.ts";
import type { Draft } from "./action.ts";
import type { EventDraft, MirroredDraft, ReportedDraft } from "./event-draft.ts";

export const auditLevel = 0;

/** The row of an event: the draft, who acted and from where, and the leaf that fixes both. `created` is in microseconds. */
export function eventRow(
  id: number,
  created: number,
  draft: Draft,
  actor: Actor,
  state: string | null = null,
  drawn?: Buffer,
): EventTable {
  const { origin, credential } = actor;
  const { details, ...own } = fieldsFrom(draft, actor);
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
    session: sessionOf(draft, actor),
    key: credential?.kind === "token" ? credential.fingerprint : null,
    target_kind: draft.target?.kind ?? null,
    target_id: draft.target?.id ?? null,
    target_name: draft.target?.name ?? null,
    description: draft.description,
    details: details === undefined || details === null ? null : canonicalJson(details),
    ...noProvenance,
    state,
    ...own,
  };
  return committedRow(contents, drawn);
}

/** What is drawn for the salts of one event. */
export const saltBytesOfEvent = eventGroups.length * saltBytes;

/**
 * The row of an event: its contents, the salts and commitments of the groups that hold something, and its leaf's hash. `drawn` has a
 * salt for each group, one behind the other.
 */
export function committedRow(contents: EventContents, drawn: Buffer = randomBytes(saltBytesOfEvent)): EventTable {
  const salts: Record<`${EventGroup}_salt`, Buffer | null> = { ...noSalts };
  const all = eventGroups.map((group, at) => {
    const members = membersOf(group, contents);
    if (isEmptyGroup(group, members)) return emptyCommitment;
    const salt = drawn.subarray(at * saltBytes, (at + 1) * saltBytes);
    salts[`${group}_salt`] = salt;
    return commitmentOf(group, salt, members);
  });
  const commitments = Buffer.concat(all);
  const leaf_hash = leafHash(leafBytes(contents, commitments));
  return { ...contents, ...salts, commitments, leaf_hash, ip_bytes: addressBytes(contents.ip) };
}

const noSalts = {
  actor_salt: null,
  origin_salt: null,
  subject_salt: null,
  node_salt: null,
  provenance_salt: null,
  state_salt: null,
};

function sessionOf(draft: Draft, { credential }: Actor): string | null {
  if (!("source" in draft) && draft.session !== undefined) return draft.session;
  return credential?.kind === "session" ? credential.fingerprint : null;
}

/** What is recorded here bears no numbers and names of a mirrored source. */
const noProvenance: GroupContents<"provenance"> = {
  generation: null,
  source_event_id: null,
  source_type: null,
  source_type_words: null,
  realm: null,
  realm_user_id: null,
};

function fieldsFrom(draft: Draft, actor: Actor) {
  if (!("source" in draft)) return ownFields(draft, actor);
  return "sourceEventId" in draft ? mirroredFields(draft) : reportedFields(draft, actor);
}

/** What is Ironlog's own to say. */
function ownFields(draft: EventDraft, actor: Actor) {
  return {
    level: auditLevel,
    source: "ironlog",
    occurred: null,
    ...actingFields(draft, actor),
    ...realmFields(draft, actor),
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
    generation: draft.generation ?? null,
  };
}

/** What stands at a mirrored source: who acted, from where and with what is what it says. */
function mirroredFields(draft: MirroredDraft) {
  const { level, source, occurred, username, details, ip, userAgent, endpoint, node, hostname } = draft;
  return {
    level,
    source,
    occurred,
    // Their accounts aren't accounts here: an id would make it an event of somebody else.
    user_id: null,
    username,
    ip,
    user_agent: userAgent,
    endpoint,
    trace_id: null,
    forwarded: null,
    session: null,
    key: null,
    reporter_id: null,
    reporter: null,
    details,
    node,
    hostname,
    generation: draft.generation,
    source_event_id: draft.sourceEventId,
    source_type: draft.sourceType,
    source_type_words: draft.sourceTypeWords,
    realm: draft.realm,
    realm_user_id: draft.realmUserId,
  };
}

function actingFields({ as }: EventDraft, { user, mirrored }: Actor): GroupContents<"actor"> {
  if (as === "nobody") return { user_id: null, username: null };
  if (as !== undefined && "userId" in as) return { user_id: as.userId, username: as.username };
  const username = (as?.realm ?? user ?? mirrored)?.username ?? null;
  return { user_id: as === undefined ? (user?.id ?? null) : null, username };
}

/** Who acted as their own MAAS knows them, where it isn't an account of this server. */
function realmFields({ as }: EventDraft, { mirrored }: Actor): Partial<GroupContents<"provenance">> {
  const person = as === undefined ? mirrored : as !== "nobody" && "realm" in as ? as.realm : undefined;
  if (person === undefined) return {};
  const { realm, realmUserId: realm_user_id, generation } = person;
  return { realm, realm_user_id, generation };
}
