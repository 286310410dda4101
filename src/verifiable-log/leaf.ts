import { hash } from "node:crypto";
import { rfc3339Micros } from "../time.ts";

/** The four parts of an event that name people or machines, each behind a commitment of its own. */
export const personalGroups = ["actor", "origin", "subject", "node"] as const;
export type PersonalGroup = (typeof personalGroups)[number];

/** Every member is there, null where the event has none: docs/log-format.md lists them. */
export interface PersonalContents {
  readonly actor: { readonly user_id: number | null; readonly username: string | null };
  readonly origin: {
    readonly ip: string | null;
    readonly user_agent: string | null;
    readonly endpoint: string | null;
    readonly trace_id: string | null;
    readonly forwarded: string | null;
    readonly reporter_id: number | null;
    readonly reporter: string | null;
  };
  readonly subject: {
    readonly target_kind: string | null;
    readonly target_id: string | null;
    readonly target_name: string | null;
    readonly description: string | null;
    readonly details: string | null;
  };
  readonly node: { readonly node: string | null; readonly hostname: string | null };
}

/** The part of an event that can be published: it names nobody. Times are microseconds since 1970 UTC. */
export interface LeafContents {
  readonly id: number;
  readonly created: number;
  readonly occurred: number | null;
  readonly level: number;
  readonly type: string;
  readonly action: string;
  readonly outcome: string;
  readonly source: string;
}

export const saltBytes = 16;
export const commitmentBytes = 32;

/** The members of each group in the order of RFC 8785: their names are of ASCII letters. */
const memberNames: { readonly [Group in PersonalGroup]: readonly (keyof PersonalContents[Group])[] } = {
  actor: ["user_id", "username"],
  origin: ["endpoint", "forwarded", "ip", "reporter", "reporter_id", "trace_id", "user_agent"],
  subject: ["description", "details", "target_id", "target_kind", "target_name"],
  node: ["hostname", "node"],
};

/** The canonical JSON of a group (RFC 8785). Written out here and not by `canonicalJson`: every event has four. */
export function groupJson<Group extends PersonalGroup>(name: Group, group: PersonalContents[Group]): string {
  let json = "";
  for (const member of memberNames[name]) {
    // The type of a member that only its group knows.
    const value = group[member] as string | number | null;
    json += `${json === "" ? "{" : ","}"${String(member)}":${typeof value === "string" ? JSON.stringify(value) : value}`;
  }
  return `${json}}`;
}

/** SHA-256 of the salt and the group's canonical JSON: 32 bytes that say nothing without the salt. */
export function commitment<Group extends PersonalGroup>(
  name: Group,
  salt: Uint8Array,
  group: PersonalContents[Group],
): Buffer {
  const json = groupJson(name, group);
  const bytes = Buffer.allocUnsafe(salt.length + 3 * json.length);
  bytes.set(salt);
  const end = salt.length + bytes.write(json, salt.length, "utf8");
  return hash("sha256", bytes.subarray(0, end), "buffer");
}

/** The bytes of a leaf, as `docs/log-format.md` specifies them. `sealed` holds the four commitments in order. */
export function leafBytes(contents: LeafContents, sealed: Uint8Array): Buffer {
  return Buffer.from(leafJson(contents, sealed), "utf8");
}

/** The canonical JSON of a leaf (RFC 8785), its members in the order of their names. */
function leafJson(contents: LeafContents, sealed: Uint8Array): string {
  const { id, level, type, action, outcome, source, created, occurred } = contents;
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  const [actor, origin, subject, node] = [0, 1, 2, 3].map((index) =>
    bytes.toString("base64", index * commitmentBytes, (index + 1) * commitmentBytes),
  );
  const happened = occurred === null ? "" : `"occurred":"${rfc3339Micros(occurred)}",`;
  return `{"action":${JSON.stringify(action)},"created":"${rfc3339Micros(created)}","id":${id},"level":${level},${happened}"outcome":${JSON.stringify(outcome)},"sealed":{"actor":"${actor}","node":"${node}","origin":"${origin}","subject":"${subject}"},"source":${JSON.stringify(source)},"type":${JSON.stringify(type)},"v":1}`;
}

/** The hash of a leaf in the tree: RFC 6962 section 2.1. */
export function leafHash(leaf: Uint8Array): Buffer {
  return hash("sha256", Buffer.concat([leafPrefix, leaf]), "buffer");
}

const leafPrefix = Buffer.from([0]);
