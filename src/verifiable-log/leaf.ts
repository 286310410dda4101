import { hash } from "node:crypto";
import { rfc3339Micros } from "../time.ts";
import {
  type EventContents,
  type EventFieldName,
  eventFields,
  fieldsOf,
  forEachGroup,
  type FieldValue,
  type GroupContents,
  type LeafContents,
  type PersonalGroup,
  personalGroups,
} from "./event-fields.ts";

export const saltBytes = 16;
export const commitmentBytes = 32;

/** The members of each group in the order of RFC 8785: their names are of ASCII letters. */
export const groupMembers = forEachGroup((group): readonly EventFieldName[] => fieldsOf(group).toSorted());

/** What stands before each member's value. Written out here and not by `canonicalJson`: every event has four groups. */
const memberStarts = forEachGroup((group) =>
  groupMembers[group].map((name, at) => `${at === 0 ? "{" : ","}"${name}":`),
);

/** The canonical JSON of a group (RFC 8785). `valueAt` gives the values of `groupMembers`. */
function groupText(group: PersonalGroup, valueAt: (at: number) => FieldValue): string {
  let json = "";
  for (const [at, start] of memberStarts[group].entries()) {
    const value = valueAt(at);
    json += `${start}${typeof value === "string" ? JSON.stringify(value) : value}`;
  }
  return `${json}}`;
}

/** The canonical JSON of a group (RFC 8785) of an event. */
export function groupJson<Group extends PersonalGroup>(group: Group, event: GroupContents<Group>): string {
  return groupText(group, (at) => valueIn(event, groupMembers[group][at]));
}

/** SHA-256 of the salt and the group's canonical JSON: 32 bytes that say nothing without the salt. */
export function commitment<Group extends PersonalGroup>(
  group: Group,
  salt: Uint8Array,
  event: GroupContents<Group>,
): Buffer {
  return saltedHash(salt, groupJson(group, event));
}

/** The same for a row whose values of `groupMembers` are given by `valueAt`. */
export function commitmentOf(group: PersonalGroup, salt: Uint8Array, valueAt: (at: number) => FieldValue): Buffer {
  return saltedHash(salt, groupText(group, valueAt));
}

function saltedHash(salt: Uint8Array, json: string): Buffer {
  const bytes = Buffer.allocUnsafe(salt.length + 3 * json.length);
  bytes.set(salt);
  const end = salt.length + bytes.write(json, salt.length, "utf8");
  return hash("sha256", bytes.subarray(0, end), "buffer");
}

/** The bytes of a leaf, as `docs/log-format.md` specifies them. `sealed` holds the four commitments in order. */
export function leafBytes(contents: LeafContents, sealed: Uint8Array): Buffer {
  return leafBytesOf((at) => valueIn(contents, leafFields[at]), sealed);
}

/** The fields of a leaf, sorted by name. */
export const leafFields = fieldsOf("leaf").toSorted();

/** The same for a row whose values of `leafFields` are given by `valueAt`. */
export function leafBytesOf(valueAt: (at: number) => FieldValue, sealed: Uint8Array): Buffer {
  let json = "";
  for (const { start, kind, at } of leafMembers) {
    const value = kind === "commitments" ? commitmentsJson(sealed) : kind === "version" ? 1 : valueAt(at);
    // Only an event that happened at another time has that member.
    if (value === null) continue;
    const text =
      kind === "text" ? JSON.stringify(value) : kind === "time" ? `"${rfc3339Micros(Number(value))}"` : value;
    json += `${json === "" ? "{" : ","}${start}${text}`;
  }
  return Buffer.from(`${json}}`, "utf8");
}

/** The members of a leaf's canonical JSON (RFC 8785), in the order of their names. */
const leafMembers = [
  ...leafFields.map((name, at) => ({ name, kind: eventFields[name].type, at })),
  { name: "sealed", kind: "commitments" as const, at: -1 },
  { name: "v", kind: "version" as const, at: -1 },
]
  .toSorted((one, other) => (one.name < other.name ? -1 : 1))
  .map(({ name, ...member }) => ({ ...member, start: `"${name}":` }));

function commitmentsJson(sealed: Uint8Array): string {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  const members = sortedGroups.map(({ group, at }) => {
    return `"${group}":"${bytes.toString("base64", at * commitmentBytes, (at + 1) * commitmentBytes)}"`;
  });
  return `{${members.join(",")}}`;
}

const sortedGroups = personalGroups
  .map((group, at) => ({ group, at }))
  .toSorted((one, other) => (one.group < other.group ? -1 : 1));

/** Callers give what has that field: the types of a group and of a leaf say so. */
function valueIn(contents: object, name: EventFieldName | undefined): FieldValue {
  return name === undefined ? null : (contents as EventContents)[name];
}

/** The hash of a leaf in the tree: RFC 6962 section 2.1. */
export function leafHash(leaf: Uint8Array): Buffer {
  return hash("sha256", Buffer.concat([leafPrefix, leaf]), "buffer");
}

const leafPrefix = Buffer.from([0]);
