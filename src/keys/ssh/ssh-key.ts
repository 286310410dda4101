import { ECDH, hash } from "node:crypto";
import { invalidField } from "../../refusal.ts";

/** A public key that lets its owner into machines. Times are microseconds since 1970 UTC. */
export interface SshKey {
  readonly id: number;
  readonly userId: number;
  /** As it was given: type, data, and perhaps a comment. */
  readonly key: string;
  readonly fingerprint: string;
  /** `lp:NAME` or `gh:NAME` where it was imported, else null. */
  readonly source: string | null;
  readonly created: number;
}

/** A key that was found to be one. */
export interface ParsedSshKey {
  readonly key: string;
  /** As `ssh-keygen -l` prints it: `SHA256:` and base64 without padding. */
  readonly fingerprint: string;
}

/** How many fields of its own each type's data has behind the type's name (RFC 4253, 5656, 8709; PROTOCOL.u2f of OpenSSH). */
const fieldCounts: Readonly<Record<string, number>> = {
  "ecdsa-sha2-nistp256": 2,
  "ecdsa-sha2-nistp384": 2,
  "ecdsa-sha2-nistp521": 2,
  "sk-ecdsa-sha2-nistp256@openssh.com": 3,
  "sk-ssh-ed25519@openssh.com": 2,
  "ssh-dss": 4,
  "ssh-ed25519": 1,
  "ssh-rsa": 2,
};

/** What makes a list of keys show something else than what is there. A tab may stand between the parts. */
const misleading = /[^\P{Cc}\t]|[\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/u;

/** The longest real key, RSA of 16,384 bits, has some 2,800 characters. */
const keyLengthMax = 16_384;

/**
 * Reads one line of an `authorized_keys` file without options, or of a `.pub` file. The text is kept as it is, less the
 * blanks around it. Refuses with MAAS's sentences, under `key`.
 */
export function parseSshKey(text: string): ParsedSshKey {
  // OpenSSH knows these blanks alone: any other one is a part of what it stands in.
  const key = text.replaceAll(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
  if (key === "") throw invalidField("key", "This field is required.");
  const [type = "", data, ...comment] = key.split(/[ \t]+/);
  if (data === undefined) {
    throw invalid(
      `Key should contain 2 or more space separated parts (key type, base64-encoded key, optional comments), not 1: ${shortened(key)}`,
    );
  }
  if (!Object.hasOwn(fieldCounts, type)) {
    const known = Object.keys(fieldCounts).toSorted().join(", ");
    throw invalid(`Key type ${shortened(type)} not recognised; it should be one of: ${known}`);
  }
  const bytes = Buffer.from(data, "base64");
  const isBase64 = bytes.toString("base64") === data;
  if (
    key.length > keyLengthMax ||
    !isBase64 ||
    /[\r\n\0]/.test(key) ||
    !comment.join(" ").isWellFormed() ||
    !isKeyData(type, bytes)
  ) {
    throw invalid("Key could not be converted to RFC4716 form.");
  }
  if (misleading.test(key)) {
    throw invalid(
      "The comment has control characters, or characters that change the direction or the end of a line. Send the key without them.",
    );
  }
  return { key, fingerprint: `SHA256:${hash("sha256", bytes, "base64").replace(/=+$/, "")}` };
}

/** The data names its own type, and holds as many fields as that type has, and nothing else. */
function isKeyData(type: string, bytes: Buffer): boolean {
  const fields = readFields(bytes);
  if (fields === undefined || fields[0]?.toString("latin1") !== type) return false;
  const own = fields.slice(1);
  if (own.length !== fieldCounts[type] || own.some((field) => field.length === 0)) return false;
  if (type.includes("ed25519")) return own[0]?.length === 32;
  if (type.includes("ecdsa")) {
    const curve = own[0]?.toString("latin1") ?? "";
    return curve === /nistp\d+/.exec(type)?.[0] && isPoint(curve, own[1] ?? Buffer.alloc(0));
  }
  // RFC 4251: the first bit of a number is its sign.
  if (own.some((number) => (number[0] ?? 0) >= 0x80)) return false;
  return type !== "ssh-rsa" || isModulus(own[1] ?? Buffer.alloc(0));
}

/** OpenSSL's names for the curves. */
const curves: Readonly<Record<string, string>> = {
  nistp256: "prime256v1",
  nistp384: "secp384r1",
  nistp521: "secp521r1",
};

/** Whether it is a point of the curve, in the only form that OpenSSH takes. */
function isPoint(curve: string, point: Buffer): boolean {
  if (point[0] !== 4) return false;
  try {
    ECDH.convertKey(point, curves[curve] ?? curve);
    return true;
  } catch {
    return false;
  }
}

/** RSA of less than 1,024 bits was never a key, and OpenSSH takes none of more than 16,384. */
function isModulus(bytes: Buffer): boolean {
  const first = bytes.findIndex((byte) => byte !== 0);
  if (first < 0) return false;
  const bits = (bytes.length - first) * 8 - Math.clz32(bytes[first] ?? 0) + 24;
  return bits >= 1_024 && bits <= 16_384;
}

/** RFC 4251's strings and numbers: four bytes of length, then so many bytes. */
function readFields(bytes: Buffer): readonly Buffer[] | undefined {
  const fields: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    if (at + 4 > bytes.length) return undefined;
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return undefined;
    fields.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return fields;
}

function invalid(reason: string) {
  return invalidField("key", `Invalid SSH public key: ${reason}`);
}

function shortened(text: string): string {
  const shown = text.replaceAll(new RegExp(misleading, "gu"), "\uFFFD");
  return shown.length <= 80 ? shown : `${shown.slice(0, 80)}…`;
}
