import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";

// Signed notes and their keys: C2SP signed-note, tlog-cosignature. The keys' texts are those of Go's
// golang.org/x/mod/sumdb/note, which other tools read.

/** How a key signs: plain Ed25519 over the text, or an Ed25519 cosignature that says when. */
export type KeyKind = "log" | "cosigner";

const typeBytes = { log: 0x01, cosigner: 0x04 } as const satisfies Readonly<Record<KeyKind, number>>;

/** A key that checks signatures. */
export interface Verifier {
  readonly kind: KeyKind;
  readonly name: string;
  /** Four bytes. */
  readonly keyId: Buffer;
  readonly publicKey: KeyObject;
  /** `NAME+KEYID+BASE64`, as people hand it on. */
  readonly text: string;
}

/** A key that signs. */
export interface SigningKey extends Verifier {
  readonly privateKey: KeyObject;
  /** `PRIVATE+KEY+NAME+KEYID+BASE64`: a secret. */
  readonly secretText: string;
}

const rawBytes = 32;
const spkiPrefix = Buffer.from("302a300506032b6570032100", "hex");
const pkcs8Prefix = Buffer.from("302e020100300506032b657004220420", "hex");

/** Makes a new key of that name. Throws if a key can't bear it. */
export function generateSigningKey(kind: KeyKind, name: string): SigningKey {
  const { privateKey } = generateKeyPairSync("ed25519");
  const seed = privateKey.export({ type: "pkcs8", format: "der" }).subarray(pkcs8Prefix.length);
  return signingKeyOf(kind, name, seed);
}

/** True if a key may bear the name: not empty, no blanks, no plus sign. */
export function isKeyName(name: string): boolean {
  return name !== "" && !/[\s+\p{Cc}]/u.test(name) && name.isWellFormed();
}

/** Reads a secret key's text. Throws a sentence that doesn't repeat it. */
export function parseSigningKey(text: string): SigningKey {
  const [prefix, word, name = "", keyId = "", ...rest] = text.trim().split("+");
  const bytes = fromBase64(rest.join("+"));
  const kind = kindOf(bytes[0]);
  if (prefix !== "PRIVATE" || word !== "KEY" || kind === undefined || bytes.length !== 1 + rawBytes) {
    throw new Error("it is not in the form PRIVATE+KEY+NAME+ID+BASE64 of an Ed25519 key");
  }
  const key = signingKeyOf(kind, name, bytes.subarray(1));
  if (key.keyId.toString("hex") !== keyId) throw new Error("its id does not belong to its name and key");
  return key;
}

function signingKeyOf(kind: KeyKind, name: string, seed: Buffer): SigningKey {
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: "der", type: "pkcs8" });
  const raw = createPublicKey(privateKey).export({ type: "spki", format: "der" }).subarray(spkiPrefix.length);
  const verifier = verifierOf(kind, name, raw);
  const secret = Buffer.concat([Buffer.from([typeBytes[kind]]), seed]).toString("base64");
  return { ...verifier, privateKey, secretText: `PRIVATE+KEY+${name}+${verifier.keyId.toString("hex")}+${secret}` };
}

/** Reads a verifier key's text, `NAME+KEYID+BASE64`. Throws what is wrong with it. */
export function parseVerifier(text: string): Verifier {
  const [name = "", keyId = "", ...rest] = text.trim().split("+");
  const bytes = fromBase64(rest.join("+"));
  const kind = kindOf(bytes[0]);
  if (kind === undefined || bytes.length !== 1 + rawBytes) {
    throw new Error("it is not in the form NAME+ID+BASE64 of an Ed25519 key");
  }
  const verifier = verifierOf(kind, name, bytes.subarray(1));
  if (verifier.keyId.toString("hex") !== keyId) throw new Error("its id does not belong to its name and key");
  return verifier;
}

/** Empty for what isn't base64 as RFC 4648 section 4 has it: Node reads past that, and one signature had many spellings. */
export function fromBase64(text: string): Buffer {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : Buffer.alloc(0);
}

function kindOf(type: number | undefined): KeyKind | undefined {
  if (type === typeBytes.log) return "log";
  return type === typeBytes.cosigner ? "cosigner" : undefined;
}

function verifierOf(kind: KeyKind, name: string, raw: Buffer): Verifier {
  if (!isKeyName(name)) throw new Error("a key's name has no blanks and no plus signs");
  const typed = Buffer.concat([Buffer.from([typeBytes[kind]]), raw]);
  const keyId = hash("sha256", Buffer.concat([Buffer.from(`${name}\n`, "utf8"), typed]), "buffer").subarray(0, 4);
  const publicKey = createPublicKey({ key: Buffer.concat([spkiPrefix, raw]), format: "der", type: "spki" });
  return { kind, name, keyId, publicKey, text: `${name}+${keyId.toString("hex")}+${typed.toString("base64")}` };
}

/** A text and the lines that sign it. */
export interface SignedNote {
  /** With the line end of its last line. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

interface NoteSignature {
  readonly name: string;
  readonly keyId: Buffer;
  readonly blob: Buffer;
}

const dash = "\u2014";
const signaturesMax = 100;

/** The line by which `key` signs the text. A cosigner also says when, in seconds since 1970. */
export function signNote(text: string, key: SigningKey, seconds: number): string {
  const blob =
    key.kind === "log"
      ? sign(null, Buffer.from(text, "utf8"), key.privateKey)
      : Buffer.concat([timeBytes(seconds), sign(null, cosigned(text, seconds), key.privateKey)]);
  return `${dash} ${key.name} ${Buffer.concat([key.keyId, blob]).toString("base64")}\n`;
}

/** Puts a note together. */
export function writeNote(text: string, signatureLines: readonly string[]): string {
  return `${text}\n${signatureLines.join("")}`;
}

/** Takes a note apart. Throws what is wrong with its form; it doesn't check signatures. */
export function parseNote(note: string): SignedNote {
  const at = note.lastIndexOf("\n\n");
  const text = note.slice(0, at + 1);
  const lines = note.slice(at + 2);
  if (at < 0 || !lines.endsWith("\n"))
    throw new Error("it is no signed note: an empty line and signatures are missing");
  const signatures = lines
    .slice(0, -1)
    .split("\n")
    .map((line) => {
      const [, name, base64] = new RegExp(`^${dash} ([^\\s+]+) ([A-Za-z0-9+/]+=*)$`).exec(line) ?? [];
      const bytes = fromBase64(base64 ?? "");
      if (name === undefined || bytes.length < 5) throw new Error("a line below its empty line is no signature");
      return { name, keyId: bytes.subarray(0, 4), blob: bytes.subarray(4) };
    });
  if (signatures.length > signaturesMax) throw new Error(`it has more than ${signaturesMax} signatures`);
  return { text, signatures };
}

/** What a known key says of a note. */
export interface CheckedSignature {
  readonly verifier: Verifier;
  /** When it was signed, in seconds since 1970: only cosigners say that. */
  readonly seconds: number | undefined;
}

/**
 * The signatures by known keys; those of others are passed over. Throws if a known key's signature is wrong: then the
 * whole note is (C2SP signed-note).
 */
export function checkNote({ text, signatures }: SignedNote, known: readonly Verifier[]): readonly CheckedSignature[] {
  return signatures.flatMap(({ name, keyId, blob }) => {
    const verifier = known.find((key) => key.name === name && key.keyId.equals(keyId));
    if (verifier === undefined) return [];
    const [seconds, message, signature] =
      verifier.kind === "log" ? [undefined, Buffer.from(text, "utf8"), blob] : cosignatureParts(text, blob);
    if (!verify(null, message, verifier.publicKey, signature)) {
      throw new Error(`the signature by ${name} is wrong`);
    }
    return [{ verifier, seconds }];
  });
}

function cosignatureParts(text: string, blob: Buffer): readonly [number, Buffer, Buffer] {
  const seconds = blob.length < 8 ? 0 : Number(blob.readBigUInt64BE());
  return [seconds, cosigned(text, seconds), blob.subarray(8)];
}

/** What a cosignature signs: C2SP tlog-cosignature, `cosignature/v1`. */
function cosigned(text: string, seconds: number): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`, "utf8");
}

function timeBytes(seconds: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(seconds));
  return bytes;
}
