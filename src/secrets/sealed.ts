import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { NamedKey } from "../terminal/key-file.ts";
import { canonicalJson } from "../verifiable-log/canonical-json.ts";

/** Where a secret stands: it can't be opened anywhere else. */
export interface SecretPlace {
  readonly table: string;
  /** The row's uuid. */
  readonly row: string;
  readonly column: string;
}

// A sealed secret: the key's id (8 bytes), an IV (12), the text under AES-256-GCM, its tag (16). Authenticated with it: the
// canonical JSON (RFC 8785) of ["ironlog-secret-v1", table, row, column].

const cipher = "aes-256-gcm";
const idBytes = 8;
const ivBytes = 12;
const tagBytes = 16;
const headBytes = idBytes + ivBytes;

/** Seals a text for that place, in 36 bytes more than its UTF-8 has. */
export function sealText({ id, secret }: NamedKey, place: SecretPlace, clear: string): Buffer {
  const iv = randomBytes(ivBytes);
  const sealing = createCipheriv(cipher, secret, iv).setAAD(associatedData(place));
  const text = Buffer.concat([sealing.update(clear, "utf8"), sealing.final()]);
  return Buffer.concat([Buffer.from(id, "hex"), iv, text, sealing.getAuthTag()]);
}

/** What was sealed with that key for that place; undefined for anything else. */
export function openSealed({ secret }: NamedKey, place: SecretPlace, sealed: Uint8Array): string | undefined {
  const bytes = Buffer.from(sealed);
  if (bytes.length < headBytes + tagBytes) return undefined;
  const opening = createDecipheriv(cipher, secret, bytes.subarray(idBytes, headBytes), { authTagLength: tagBytes })
    .setAAD(associatedData(place))
    .setAuthTag(bytes.subarray(-tagBytes));
  try {
    return Buffer.concat([opening.update(bytes.subarray(headBytes, -tagBytes)), opening.final()]).toString("utf8");
  } catch {
    return undefined;
  }
}

/** The id of the key that sealed it. */
export function sealingKeyId(sealed: Uint8Array): string {
  return Buffer.from(sealed.subarray(0, idBytes)).toString("hex");
}

function associatedData({ table, row, column }: SecretPlace): Buffer {
  return Buffer.from(canonicalJson(["ironlog-secret-v1", table, row, column]), "utf8");
}
