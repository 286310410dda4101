import { parseCheckpoint } from "./checkpoint.ts";
import { commitmentBytes, leafHash, saltBytes } from "./leaf.ts";
import { type EventGroup, eventGroups } from "./event-fields.ts";
import { verifyInclusion } from "./proof.ts";
import { type CheckedSignature, checkNote, fromBase64, parseNote, type Verifier } from "./signed-note.ts";
import { reading, refuseChangedLineEnds } from "./unreadable.ts";
import { hash } from "node:crypto";

// A proof that an event is in the log, to be checked without the log: C2SP tlog-proof. Its line `extra` holds what is
// proved: the leaf, and those of its groups that whoever asked may see.

/** What a commitment was made of. */
export interface Opening {
  /** Base64 of 16 bytes. */
  readonly salt: string;
  /** The group's canonical JSON. */
  readonly json: string;
}

export interface ProvedEvent {
  /** The leaf's canonical JSON. */
  readonly leaf: string;
  /** Groups that aren't shown are left out. */
  readonly opened: Partial<Readonly<Record<EventGroup, Opening>>>;
}

export interface EventProof {
  readonly event: ProvedEvent;
  /** The leaf's place, from 0. */
  readonly index: number;
  readonly path: readonly Uint8Array[];
  /** The signed checkpoint. */
  readonly note: string;
}

const firstLine = "c2sp.org/tlog-proof@v1";

/** The proof as text. */
export function writeProof({ event, index, path, note }: EventProof): string {
  const extra = Buffer.from(JSON.stringify(event), "utf8").toString("base64");
  const hashes = path.map((one) => `${Buffer.from(one).toString("base64")}\n`).join("");
  return `${firstLine}\nextra ${extra}\nindex ${index}\n${hashes}\n${note}`;
}

/** Reads a proof. Throws `Unreadable`, with what is wrong with its form; it doesn't check whether the proof holds. */
export function parseProof(text: string): EventProof {
  return reading(() => parse(text));
}

function parse(text: string): EventProof {
  if (text === "") throw new Error("it is empty");
  refuseChangedLineEnds(text);
  const at = text.indexOf("\n\n");
  const [first, extra = "", place = "", ...hashes] = text.slice(0, at).split("\n");
  if (at < 0 || first !== firstLine) throw new Error(`it does not begin with ${firstLine}`);
  if (!extra.startsWith("extra ")) throw new Error("it has no line 'extra' with the event");
  const index = /^index (0|[1-9]\d{0,15})$/.exec(place)?.[1];
  if (index === undefined) throw new Error("it has no line 'index'");
  const path = hashes.map((line) => {
    const bytes = Buffer.from(line, "base64");
    if (bytes.length !== 32 || bytes.toString("base64") !== line) throw new Error("a line of it is no hash");
    return bytes;
  });
  const note = text.slice(at + 2);
  parseCheckpoint(parseNote(note).text);
  return { event: parseEvent(extra.slice("extra ".length)), index: Number(index), path, note };
}

function parseEvent(base64: string): ProvedEvent {
  let value: unknown;
  try {
    value = JSON.parse(fromBase64(base64).toString("utf8"));
  } catch (error) {
    throw new Error("its line 'extra' is not JSON in base64", { cause: error });
  }
  if (typeof value !== "object" || value === null || !("leaf" in value) || !("opened" in value)) {
    throw new Error("its line 'extra' has no leaf and no opened groups");
  }
  const { leaf, opened } = value;
  if (typeof leaf !== "string" || typeof opened !== "object" || opened === null) {
    throw new Error("its line 'extra' has no leaf and no opened groups");
  }
  const groups = Object.entries(opened).map(([group, opening]) => {
    if (!(eventGroups as readonly string[]).includes(group)) throw new Error(`it opens an unknown group '${group}'`);
    return [group, parseOpening(group, opening)] as const;
  });
  return { leaf, opened: Object.fromEntries(groups) };
}

function parseOpening(group: string, opening: unknown): Opening {
  if (typeof opening === "object" && opening !== null && "salt" in opening && "json" in opening) {
    const { salt, json } = opening;
    if (typeof salt === "string" && typeof json === "string" && fromBase64(salt).length === saltBytes)
      return { salt, json };
  }
  throw new Error(`its group '${group}' has no salt and no text`);
}

/**
 * The groups that the leaf commits to and the proof doesn't show. What became of stored rows is never shown: it isn't named.
 */
export function withheldGroups({ leaf, opened }: Pick<CheckedProof, "leaf" | "opened">): readonly EventGroup[] {
  const commitments = leaf["commitments"] as Readonly<Record<string, unknown>> | undefined;
  return eventGroups.filter(
    (group) => group !== "state" && commitments?.[group] !== undefined && opened[group] === undefined,
  );
}

/** What a proof that holds has shown. */
export interface CheckedProof {
  readonly origin: string;
  readonly size: number;
  readonly signatures: readonly CheckedSignature[];
  /** The leaf's members. */
  readonly leaf: Readonly<Record<string, unknown>>;
  /** The members of the opened groups. */
  readonly opened: Partial<Readonly<Record<EventGroup, Readonly<Record<string, unknown>>>>>;
}

/**
 * Checks a proof against the keys that somebody trusts: the note's signatures, the path to its root, the leaf's place, and
 * that each opened group is what the leaf committed to. Throws what doesn't hold.
 */
export function checkProof({ event, index, path, note }: EventProof, trusted: readonly Verifier[]): CheckedProof {
  const signed = parseNote(note);
  const signatures = checkNote(signed, trusted);
  const { origin, size, root } = parseCheckpoint(signed.text);
  const isSigned = signatures.some(({ verifier }) => verifier.kind === "log" && verifier.name === origin);
  if (!isSigned) throw new Error(`its checkpoint is not signed by the key of '${origin}' that is trusted here`);
  const leaf = parseObject(event.leaf, "its leaf");
  if (leaf["id"] !== index + 1) throw new Error(`its leaf is of event ${String(leaf["id"])}, its place is ${index}`);
  const bytes = Buffer.from(event.leaf, "utf8");
  if (!verifyInclusion({ leafHash: leafHash(bytes), index, size, root, path })) {
    throw new Error(`its event is not in the log of ${size} events that was signed`);
  }
  const commitments = leaf["commitments"] as Readonly<Record<string, unknown>> | undefined;
  const opened = eventGroups.flatMap((group) => {
    const opening = event.opened[group];
    if (opening === undefined) return [];
    if (commitments?.[group] !== openedCommitment(opening))
      throw new Error(`its group '${group}' is not what was recorded`);
    return [[group, parseObject(opening.json, `its group '${group}'`)] as const];
  });
  return { origin, size, signatures, leaf, opened: Object.fromEntries(opened) };
}

function openedCommitment({ salt, json }: Opening): string {
  const bytes = Buffer.concat([Buffer.from(salt, "base64"), Buffer.from(json, "utf8")]);
  const digest = hash("sha256", bytes, "buffer");
  return digest.subarray(0, commitmentBytes).toString("base64");
}

function parseObject(json: string, what: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new Error(`${what} is not JSON`, { cause: error });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`${what} is no object`);
  return value as Readonly<Record<string, unknown>>;
}
