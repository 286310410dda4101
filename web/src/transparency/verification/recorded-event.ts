import type { Answer } from "../../api/request.ts";
import { toBase64, type Bytes } from "./bytes.ts";
import { canonicalJson, parseCanonical } from "./canonical-json.ts";
import type { PersonalGroup } from "./tlog-proof.ts";

/** An event as the native API gives it: what the page shows, and what is held against the log. */
export type ShownEvent = Answer<"GET /events/{id}">;

type Members = Readonly<Record<string, unknown>>;

/** What a proof has shown to be recorded. */
export interface Recorded {
  readonly leaf: Members;
  readonly leafHash: Bytes;
  readonly opened: Partial<Readonly<Record<PersonalGroup, Members>>>;
}

/** The page shows the columns of each group but `reporter_id`. */
const groupFields = {
  actor: ["username", "user_id"],
  origin: ["ip", "user_agent", "endpoint", "trace_id", "forwarded", "reporter"],
  subject: ["target_kind", "target_id", "target_name", "description", "details"],
  node: ["node", "hostname"],
} as const satisfies Readonly<Record<PersonalGroup, readonly (keyof ShownEvent)[]>>;

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
    const members = opened[group as PersonalGroup];
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

function isAsRecorded(event: ShownEvent, field: keyof ShownEvent, group: Members): boolean {
  const recorded = group[field];
  if (field !== "details" || typeof recorded !== "string") return event[field] === recorded;
  // Recorded as text, shown as what the text says.
  return canonicalJson(event.details) === canonicalJson(parseCanonical(recorded));
}

/** MAAS's words for a type are its name written otherwise. Types from elsewhere are shown as they are. */
function isNameOf(words: unknown, type: string): boolean {
  return words === type || String(words).toUpperCase().replaceAll(" ", "_") === type;
}
