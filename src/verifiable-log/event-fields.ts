/** The parts of an event that name people, machines or what is stored of them, each behind a commitment of its own. */
export const eventGroups = ["actor", "origin", "subject", "node", "provenance", "state"] as const;
export type EventGroup = (typeof eventGroups)[number];

interface EventField {
  /** Whose commitment covers it: `leaf` for the part that can be published, since it names nobody. */
  readonly group: "leaf" | EventGroup;
  /** A time is a number of microseconds since 1970 UTC; `json` is the text of canonical JSON. */
  readonly type: "integer" | "text" | "time" | "json";
  /** True for the field of a leaf that may be null; all of the groups' may. */
  readonly isOptional?: true;
}

/**
 * Every field of an event, once: its name, the group that it is hashed with, its type. Rows, commitments, leaves, checks and the
 * native API take theirs from here. In the order in which rows are written and events are shown; docs/log-format.md describes them.
 */
export const eventFields = {
  /** 1, 2, 3 … without a gap, in the order of commit. */
  id: { group: "leaf", type: "integer" },
  level: { group: "leaf", type: "integer" },
  type: { group: "leaf", type: "text" },
  action: { group: "leaf", type: "text" },
  outcome: { group: "leaf", type: "text" },
  source: { group: "leaf", type: "text" },
  created: { group: "leaf", type: "time" },
  /** When it happened, where that is not when it was recorded. */
  occurred: { group: "leaf", type: "time", isOptional: true },

  username: { group: "actor", type: "text" },
  user_id: { group: "actor", type: "integer" },

  ip: { group: "origin", type: "text" },
  user_agent: { group: "origin", type: "text" },
  endpoint: { group: "origin", type: "text" },
  trace_id: { group: "origin", type: "text" },
  forwarded: { group: "origin", type: "text" },
  reporter_id: { group: "origin", type: "integer" },
  reporter: { group: "origin", type: "text" },
  /** Short public fingerprints of the session and of the API key that acted. */
  session: { group: "origin", type: "text" },
  key: { group: "origin", type: "text" },

  target_kind: { group: "subject", type: "text" },
  target_id: { group: "subject", type: "text" },
  target_name: { group: "subject", type: "text" },
  description: { group: "subject", type: "text" },
  details: { group: "subject", type: "json" },

  node: { group: "node", type: "text" },
  hostname: { group: "node", type: "text" },

  /** How often the source was set back before it wrote this event, and the number that the event has there. */
  generation: { group: "provenance", type: "integer" },
  source_event_id: { group: "provenance", type: "integer" },
  source_type: { group: "provenance", type: "text" },
  source_type_words: { group: "provenance", type: "text" },
  /** Who acted as their own installation knows them: its realm, and their id in it. */
  realm: { group: "provenance", type: "text" },
  realm_user_id: { group: "provenance", type: "integer" },

  /** What became of audited rows: entries of table, key, digest before and after. */
  state: { group: "state", type: "text" },
} as const satisfies Readonly<Record<string, EventField>>;

export type EventFieldName = keyof typeof eventFields;

type Fields = typeof eventFields;
type NamesOf<Of> = { [Name in EventFieldName]: Fields[Name]["group"] extends Of ? Name : never }[EventFieldName];
type ValueOf<Field extends EventField> =
  | (Field["type"] extends "integer" | "time" ? number : string)
  | (Field extends { readonly group: "leaf" } ? (Field extends { readonly isOptional: true } ? null : never) : null);

/** The part of an event that can be published. */
export type LeafContents = { readonly [Name in NamesOf<"leaf">]: ValueOf<Fields[Name]> };

/** The members of a group: null where the event has none. */
export type GroupContents<Of extends EventGroup> = { readonly [Name in NamesOf<Of>]: ValueOf<Fields[Name]> };

/** Everything that is recorded of an event, without salts and hashes. */
export type EventContents = { readonly [Name in EventFieldName]: ValueOf<Fields[Name]> };

/** A value for each group. */
export function forEachGroup<Value>(valueOf: (group: EventGroup) => Value): Readonly<Record<EventGroup, Value>> {
  // Every group is there.
  return Object.fromEntries(eventGroups.map((group) => [group, valueOf(group)])) as Record<EventGroup, Value>;
}

/** What a field may hold. */
export type FieldValue = EventContents[EventFieldName];

/** The fields of a group, in the order of the table. */
export function fieldsOf<Of extends "leaf" | EventGroup>(group: Of): readonly NamesOf<Of>[] {
  const names = Object.keys(eventFields) as EventFieldName[];
  return names.filter((name): name is NamesOf<Of> => eventFields[name].group === group);
}
