import { type TSchema, Type } from "typebox";
import type { EventTable } from "../../database/tables.ts";
import { rfc3339Micros } from "../../time.ts";
import { type EventFieldName, eventFields } from "../../verifiable-log/event-fields.ts";
import { levelName } from "../filter/level.ts";
import { typeWords } from "./maas-rendering.ts";

/** Who reported is shown by name alone; what became of stored rows is for verifications. */
type Unshown = "reporter_id" | "state";
type StoredField = Exclude<EventFieldName, Unshown> | "leaf_hash";
export type NativeField = StoredField | "type_words";
type Stored = Pick<EventTable, StoredField>;

/** A field as it is shown: times, levels and hashes are text, details an object. */
type ShownValue<Name extends NativeField> = Name extends "details"
  ? object | null
  : Name extends "level" | "created" | "occurred" | "leaf_hash" | "type_words"
    ? string
    : Name extends StoredField
      ? EventTable[Name]
      : never;

/** An event as the native API shows it. */
export type NativeEvent = { readonly [Name in NativeField]: ShownValue<Name> };

interface ShownField {
  readonly schema: TSchema;
  show(event: Stored): NativeEvent[NativeField];
}

const orNull = (schema: TSchema): TSchema => Type.Union([schema, Type.Null()]);
const time = (description: string): TSchema => Type.String({ format: "date-time", description });

/** The fields that are shown otherwise than they are stored, or of which there is more to say. */
const ownWays: Partial<Readonly<Record<EventFieldName, ShownField>>> = {
  id: { schema: Type.Integer({ description: "Dense, in the order of commit." }), show: ({ id }) => id },
  level: { schema: Type.String(), show: ({ level }) => levelName(level) },
  type: { schema: Type.String({ description: "Stable name." }), show: ({ type }) => type },
  outcome: { schema: Type.Enum(["success", "failure"]), show: ({ outcome }) => outcome },
  source: {
    schema: Type.String({
      description:
        "`ironlog`, `external` for what others report, or `maas:NAME` for a mirrored MAAS; without a `source_event_id` a program has reported it for that MAAS.",
    }),
    show: ({ source }) => source,
  },
  created: {
    schema: time("When it was recorded, UTC, in microseconds."),
    show: ({ created }) => rfc3339Micros(created),
  },
  occurred: {
    schema: time("When it happened."),
    show: ({ occurred, created }) => rfc3339Micros(occurred ?? created),
  },
};

const typeWordsField: ShownField = {
  schema: Type.String({ description: "As MAAS shows it." }),
  show: ({ type, source_type_words: words }) => words ?? typeWords(type),
};
const leafHashField: ShownField = {
  schema: Type.String({ description: "Base64 of the leaf's SHA-256 (RFC 6962)." }),
  show: ({ leaf_hash }) => Buffer.from(leaf_hash).toString("base64"),
};

/** A field as its type is shown. */
function byType(name: Exclude<StoredField, "leaf_hash">): ShownField {
  const { group, type } = eventFields[name];
  if (type === "json") {
    return {
      schema: orNull(Type.Object({})),
      show({ [name]: text }) {
        const value: unknown = text === null ? null : JSON.parse(String(text));
        return value as object | null;
      },
    };
  }
  const schema = type === "text" ? Type.String() : Type.Integer();
  return { schema: group === "leaf" ? schema : orNull(schema), show: (event) => event[name] };
}

const isShown = (name: EventFieldName): name is Exclude<StoredField, "leaf_hash"> =>
  name !== "reporter_id" && name !== "state";
const storedFields = (Object.keys(eventFields) as EventFieldName[]).filter(isShown);

/** All but the salts and the commitments. */
export const nativeColumns: readonly StoredField[] = [...storedFields, "leaf_hash"];

/** In the order in which events show them. */
const shownFields: readonly (readonly [NativeField, ShownField])[] = [
  ...storedFields.flatMap((name): (readonly [NativeField, ShownField])[] => {
    const shown = [name, ownWays[name] ?? byType(name)] as const;
    return name === "type" ? [shown, ["type_words", typeWordsField]] : [shown];
  }),
  ["leaf_hash", leafHashField],
];

/** An event with all that is recorded of it, as the native API shows it. */
export const eventSchema = Type.Object(Object.fromEntries(shownFields.map(([name, { schema }]) => [name, schema])));

export function nativeEvent(event: Stored): NativeEvent {
  // Filled in place and not from a list of entries: an export shows millions.
  const shown: Partial<Record<NativeField, NativeEvent[NativeField]>> = {};
  for (const [name, { show }] of shownFields) shown[name] = show(event);
  // Every field is there.
  return shown as NativeEvent;
}
