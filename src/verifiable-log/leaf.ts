import { hash } from "node:crypto";
import { canonicalJson } from "./canonical-json.ts";

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

/** SHA-256 of the salt and the group's canonical JSON: 32 bytes that say nothing without the salt. */
export function commitment(salt: Uint8Array, group: PersonalContents[PersonalGroup]): Buffer {
  const json = Buffer.from(canonicalJson({ ...group }), "utf8");
  return hash("sha256", Buffer.concat([salt, json]), "buffer");
}

/** The bytes of a leaf, as `docs/log-format.md` specifies them. `sealed` holds the four commitments in order. */
export function leafBytes(contents: LeafContents, sealed: Uint8Array): Buffer {
  const commitments = Object.fromEntries(
    personalGroups.map((group, index) => {
      const start = index * commitmentBytes;
      return [group, Buffer.from(sealed.subarray(start, start + commitmentBytes)).toString("base64")];
    }),
  );
  const leaf = {
    v: 1,
    ...contents,
    created: rfc3339Micros(contents.created),
    occurred: contents.occurred === null ? undefined : rfc3339Micros(contents.occurred),
    sealed: commitments,
  };
  return Buffer.from(canonicalJson(leaf), "utf8");
}

/** The hash of a leaf in the tree: RFC 6962 section 2.1. */
export function leafHash(leaf: Uint8Array): Buffer {
  return hash("sha256", Buffer.concat([leafPrefix, leaf]), "buffer");
}

const leafPrefix = Buffer.from([0]);

/** A time as RFC 3339 prints it, in UTC, always with six digits: `2018-02-01T22:28:18.000000Z`. */
export function rfc3339Micros(micros: number): string {
  const millis = Math.floor(micros / 1000);
  const rest = String(micros - millis * 1000).padStart(3, "0");
  return `${new Date(millis).toISOString().slice(0, -1)}${rest}Z`;
}
