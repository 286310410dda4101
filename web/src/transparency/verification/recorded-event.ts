import type { Answer } from "../../api/request.ts";
import { toBase64, type Bytes } from "./bytes.ts";
import { canonicalJson, parseCanonical } from "./canonical-json.ts";
import type { EventGroup } from "./tlog-proof.ts";

/** An event as the native API gives it: what the page shows, and what is held against the log. */
export type ShownEvent = Answer<"GET /events/{id}">;

type Members = Readonly<Record<string, unknown>>;

/** What a proof has shown to be recorded. */
export interface Recorded {
  readonly leaf: Members;
  readonly leafHash: Bytes;
  /** Null for a group that the leaf says was empty. */
  readonly opened: Partial<Readonly<Record<EventGroup, Members | null>>>;
}

/** The page shows the columns of each group but `reporter_id`. */
const groupFields = {
  actor: ["username", "user_id"],
  origin: ["ip", "user_agent", "endpoint", "trace_id", "forwarded", "reporter", "session", "key"],
  subject: ["target_kind", "target_id", "target_name", "description", "details"],
  node: ["node", "hostname"],
  provenance: ["generation", "source_event_id", "source_type", "source_type_words", "realm", "realm_user_id"],
} as const satisfies Readonly<Record<EventGroup, readonly (keyof ShownEvent)[]>>;

const leafFields = ["id", "type", "action", "outcome", "source", "created"] as const;

const levelNumbers: Readonly<Record<string, number>> = {
  AUDIT: 0,
  DEBUG: 10,
  INFO: 20,
  WARNING: 30,
  ERROR: 40,
  CRITICAL: 50,
};

/** The fields in which the event that is shown is not the one that was recorded. */
export function findDifferences(event: ShownEvent, { leaf, leafHash, opened }: Recorded): readonly string[] {
  const groups = Object.entries(groupFields).flatMap(([group, fields]: readonly [string, readonly string[]]) => {
    const members = opened[group as EventGroup];
    return fields.filter((field) => members === undefined || !isAsRecorded(event, field as keyof ShownEvent, members));
  });
  return [
    ...leafFields.filter((field) => event[field] !== leaf[field]),
    ...((levelNumbers[event.level] ?? Number(event.level)) === leaf["level"] ? [] : ["level"]),
    ...(event.occurred === (leaf["occurred"] ?? leaf["created"]) ? [] : ["occurred"]),
    ...(isNameOf(event.type_words, event.type) ? [] : ["type_words"]),
    ...(event.leaf_hash === toBase64(leafHash) ? [] : ["leaf_hash"]),
    ...groups,
  ];
}

function isAsRecorded(event: ShownEvent, field: keyof ShownEvent, group: Members | null): boolean {
  if (group === null) return event[field] === null;
  const recorded = group[field];
  if (field !== "details" || typeof recorded !== "string") return event[field] === recorded;
  // Recorded as text, shown as what the text says.
  return canonicalJson(event.details) === canonicalJson(parseCanonical(recorded));
}

/** MAAS's words for a type are its name written otherwise. Types from elsewhere are shown as they are. */
function isNameOf(words: unknown, type: string): boolean {
  return words === type || String(words).toUpperCase().replaceAll(" ", "_") === type;
}
