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
  type EventGroup,
  eventGroups,
} from "./event-fields.ts";

export const saltBytes = 16;
export const commitmentBytes = 32;

/** What stands for a group that holds nothing: it has no salt, and no member in the leaf. */
export const emptyCommitment: Buffer = Buffer.alloc(commitmentBytes);

/** Whether a group of a row holds nothing. `valueAt` gives the values of `groupMembers`. */
export function isEmptyGroup(group: EventGroup, valueAt: (at: number) => FieldValue): boolean {
  for (let at = 0; at < groupMembers[group].length; at += 1) if (valueAt(at) !== null) return false;
  return true;
}

/** The members of each group in the order of RFC 8785: their names are of ASCII letters. */
export const groupMembers = forEachGroup((group): readonly EventFieldName[] => fieldsOf(group).toSorted());

/** What stands before each member's value. Written out here and not by `canonicalJson`: every event has several groups. */
const memberStarts = forEachGroup((group) =>
  groupMembers[group].map((name, at) => `${at === 0 ? "{" : ","}"${name}":`),
);

/** The canonical JSON of a group (RFC 8785). `valueAt` gives the values of `groupMembers`. */
function groupText(group: EventGroup, valueAt: (at: number) => FieldValue): string {
  let json = "";
  for (const [at, start] of memberStarts[group].entries()) {
    const value = valueAt(at);
    json += `${start}${typeof value === "string" ? JSON.stringify(value) : value}`;
  }
  return `${json}}`;
}

/** The canonical JSON of a group (RFC 8785) of an event. */
export function groupJson<Of extends EventGroup>(group: Of, event: GroupContents<Of>): string {
  return groupText(group, membersOf(group, event));
}

/** The values of `groupMembers` in an event. */
export function membersOf<Of extends EventGroup>(group: Of, event: GroupContents<Of>): (at: number) => FieldValue {
  return (at) => valueIn(event, groupMembers[group][at]);
}

/**
 * SHA-256 of the salt and the group's canonical JSON: 32 bytes that say nothing without the salt. `valueAt` gives the values of
 * `groupMembers`.
 */
export function commitmentOf(group: EventGroup, salt: Uint8Array, valueAt: (at: number) => FieldValue): Buffer {
  return saltedHash(salt, groupText(group, valueAt));
}

function saltedHash(salt: Uint8Array, json: string): Buffer {
  const bytes = Buffer.allocUnsafe(salt.length + 3 * json.length);
  bytes.set(salt);
  const end = salt.length + bytes.write(json, salt.length, "utf8");
  return hash("sha256", bytes.subarray(0, end), "buffer");
}

/** The bytes of a leaf, as `docs/log-format.md` specifies them. `commitments` holds those of all groups in order. */
export function leafBytes(contents: LeafContents, commitments: Uint8Array): Buffer {
  return leafBytesOf((at) => valueIn(contents, leafFields[at]), commitments);
}

/** The fields of a leaf, sorted by name. */
export const leafFields = fieldsOf("leaf").toSorted();

/** The same for a row whose values of `leafFields` are given by `valueAt`. */
export function leafBytesOf(valueAt: (at: number) => FieldValue, commitments: Uint8Array): Buffer {
  let json = "";
  for (const { start, kind, at } of leafMembers) {
    const value = kind === "commitments" ? commitmentsJson(commitments) : kind === "version" ? 1 : valueAt(at);
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
  { name: "commitments", kind: "commitments" as const, at: -1 },
  { name: "v", kind: "version" as const, at: -1 },
]
  .toSorted((one, other) => (one.name < other.name ? -1 : 1))
  .map(({ name, ...member }) => ({ ...member, start: `"${name}":` }));

function commitmentsJson(commitments: Uint8Array): string {
  const bytes = Buffer.from(commitments.buffer, commitments.byteOffset, commitments.byteLength);
  let json = "";
  for (const { group, start, end } of sortedGroups) {
    if (bytes.compare(emptyCommitment, 0, commitmentBytes, start, end) === 0) continue;
    json += `${json === "" ? "" : ","}"${group}":"${bytes.toString("base64", start, end)}"`;
  }
  return `{${json}}`;
}

const sortedGroups = eventGroups
  .map((group, at) => ({ group, start: at * commitmentBytes, end: (at + 1) * commitmentBytes }))
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
