import { areEqual, type Bytes, concat, fromBase64, utf8 } from "./bytes.ts";
import { hashBytes, publicKeyBytes, sha256, verifyEd25519 } from "./digest.ts";
import type { Tree } from "./tree.ts";

// Signed notes and the checkpoints in them: C2SP signed-note, tlog-checkpoint.

/** Whose signature is believed: the log's name, and its key as `NAME+KEYID+BASE64`. */
export interface TrustedLog {
  readonly origin: string;
  readonly vkey: string;
}

/** A checkpoint whose signature holds. */
export interface Checkpoint extends Tree {
  readonly origin: string;
  /** The signed note that it was read from. */
  readonly note: string;
}

/** The checkpoint in the note, or a sentence: what is wrong with it. */
export type OpenedNote =
  | { readonly isSigned: true; readonly checkpoint: Checkpoint }
  | { readonly isSigned: false; readonly why: string };

const keyIdBytes = 4;
/** Ed25519 over the text itself. */
const logKeyType = 1;
const signaturesMax = 100;

/** Opened last: many proofs come with the same checkpoint, and its signature is most of what a check costs. */
let latest: { readonly of: string; readonly opened: Promise<OpenedNote> } | undefined;

/** Reads a signed checkpoint and checks that the trusted key signed it. Throws if that key is none. */
export function openCheckpoint(note: string, trusted: TrustedLog): Promise<OpenedNote> {
  const of = `${trusted.origin}\n${trusted.vkey}\n${note}`;
  if (latest?.of === of) return latest.opened;
  const opened = open(note, trusted);
  latest = { of, opened };
  // The code for it could not be loaded: the next one may have more luck.
  opened.catch(() => (latest = undefined));
  return opened;
}

async function open(note: string, { origin, vkey }: TrustedLog): Promise<OpenedNote> {
  const key = await parseKey(vkey);
  const wrong = (why: string): OpenedNote => ({ isSigned: false, why });
  const at = note.lastIndexOf("\n\n");
  if (at < 0 || !note.endsWith("\n")) return wrong("The checkpoint is not a signed note.");
  const text = note.slice(0, at + 1);
  const signatures = note
    .slice(at + 2, -1)
    .split("\n")
    .map(parseSignature);
  if (signatures.includes(undefined) || signatures.length > signaturesMax) {
    return wrong("The checkpoint's signatures can't be read.");
  }
  // By keys that nobody here knows, there may be more.
  const known = signatures.filter((one) => one?.name === key.name && areEqual(one.keyId, key.keyId));
  if (known.length === 0) return wrong(`The checkpoint is not signed by the key of '${origin}'.`);
  for (const one of known) {
    const isRight = one !== undefined && (await verifyEd25519(key.publicKey, utf8(text), one.signature));
    if (!isRight) return wrong(`The signature of '${origin}' is wrong.`);
  }
  const checkpoint = parseText(text);
  if (checkpoint === undefined) return wrong("The checkpoint names no log, size and root.");
  if (checkpoint.origin !== origin) return wrong(`The checkpoint is of '${checkpoint.origin}', not of '${origin}'.`);
  return { isSigned: true, checkpoint: { ...checkpoint, note } };
}

interface Signature {
  readonly name: string;
  readonly keyId: Bytes;
  readonly signature: Bytes;
}

function parseSignature(line: string): Signature | undefined {
  const [, name = "", base64 = ""] = /^\u2014 ([^\s+]+) (\S+)$/.exec(line) ?? [];
  const bytes = fromBase64(base64);
  if (name === "" || bytes === undefined || bytes.length <= keyIdBytes) return undefined;
  return { name, keyId: bytes.slice(0, keyIdBytes), signature: bytes.slice(keyIdBytes) };
}

/** The text of a note as a checkpoint; lines behind the root are extensions, and not ours. */
function parseText(text: string): (Tree & { readonly origin: string }) | undefined {
  const [origin = "", digits = "", base64 = ""] = text.split("\n");
  const size = /^(0|[1-9]\d{0,15})$/.test(digits) ? Number(digits) : Number.NaN;
  const root = fromBase64(base64);
  if (origin === "" || !Number.isSafeInteger(size) || root?.length !== hashBytes) return undefined;
  return { origin, size, root };
}

async function parseKey(vkey: string): Promise<Pick<Signature, "name" | "keyId"> & { readonly publicKey: Bytes }> {
  const [name = "", hex = "", ...rest] = vkey.split("+");
  const typed = fromBase64(rest.join("+"));
  if (typed?.length !== 1 + publicKeyBytes || typed[0] !== logKeyType) throw new Error("The log's key can't be read.");
  const keyId = (await sha256(concat(utf8(`${name}\n`), typed))).slice(0, keyIdBytes);
  const itsHex = Array.from(keyId, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (itsHex !== hex) throw new Error("The id of the log's key does not belong to it.");
  return { name, keyId, publicKey: typed.slice(1) };
}
