import { createHmac, timingSafeEqual } from "node:crypto";

/** An HMAC-SHA-256 over a name and over fields, each behind its length: no two lists of fields give the same bytes. */
export function lengthPrefixedMac(secret: Uint8Array, name: string, fields: readonly (string | Uint8Array)[]): Buffer {
  const hmac = createHmac("sha256", secret).update(name);
  for (const field of fields) {
    const bytes = typeof field === "string" ? Buffer.from(field, "utf8") : field;
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hmac.update(length).update(bytes);
  }
  return hmac.digest();
}

/** Compares in a time that doesn't tell where they differ. */
export function isSameMac(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
