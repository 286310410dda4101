import { type Bytes, fromBase64, textOf } from "./bytes.ts";
import { findObject } from "./canonical-json.ts";
import { hashBytes } from "./digest.ts";

// A proof that an event is in the log, as the server writes it: C2SP tlog-proof. Its line `extra` holds what is proved.

/** The parts of an event that a proof opens, each behind a commitment of its own. What became of stored rows it never opens. */
export const eventGroups = ["actor", "origin", "subject", "node", "provenance"] as const;
export type EventGroup = (typeof eventGroups)[number];

/** What a commitment was made of. */
export interface Opening {
  readonly salt: Bytes;
  /** The group's canonical JSON. */
  readonly json: string;
}

export interface EventProof {
  /** The leaf's canonical JSON. */
  readonly leaf: string;
  /** Groups that aren't shown are left out. */
  readonly opened: Partial<Readonly<Record<EventGroup, Opening>>>;
  /** The leaf's place, from 0. */
  readonly index: number;
  readonly path: readonly Bytes[];
  /** The signed checkpoint. */
  readonly note: string;
}

const firstLine = "c2sp.org/tlog-proof@v1";
const saltBytes = 16;

/** Reads a proof; undefined if the text is none. Whether it holds is another question. */
export function parseProof(text: string): EventProof | undefined {
  const at = text.indexOf("\n\n");
  const [first, extra, place = "", ...hashes] = text.slice(0, at).split("\n");
  const index = /^index (0|[1-9]\d{0,15})$/.exec(place)?.[1];
  if (at < 0 || first !== firstLine || !extra?.startsWith("extra ") || index === undefined) return undefined;
  const path = hashes.map(fromBase64).filter((hash) => hash?.length === hashBytes) as readonly Bytes[];
  const event = parseExtra(extra.slice("extra ".length));
  if (path.length !== hashes.length || event === undefined) return undefined;
  return { ...event, index: Number(index), path, note: text.slice(at + 2) };
}

function parseExtra(base64: string): Pick<EventProof, "leaf" | "opened"> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(textOf(fromBase64(base64) ?? new Uint8Array()));
  } catch {
    return undefined;
  }
  const { leaf, opened } = findObject(value) ?? {};
  const groups = Object.entries(findObject(opened) ?? {}).map(
    ([group, given]) => [group, parseOpening(given)] as const,
  );
  const isKnown = groups.every(([group, opening]) => opening !== undefined && isGroup(group));
  if (typeof leaf !== "string" || findObject(opened) === undefined || !isKnown) return undefined;
  return { leaf, opened: Object.fromEntries(groups) };
}

function isGroup(name: string): boolean {
  return (eventGroups as readonly string[]).includes(name);
}

function parseOpening(value: unknown): Opening | undefined {
  const { salt, json } = findObject(value) ?? {};
  const bytes = typeof salt === "string" ? fromBase64(salt) : undefined;
  return bytes?.length === saltBytes && typeof json === "string" ? { salt: bytes, json } : undefined;
}
