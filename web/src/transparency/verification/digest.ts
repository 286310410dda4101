import type { Bytes } from "./bytes.ts";

// Web Crypto where it is: only in secure contexts, and Ed25519 not in every browser. Else @noble, which is loaded when it
// is first needed. Its checks run in the page: 4 µs for a hash, 3 ms for a signature.

export const hashBytes = 32;
export const publicKeyBytes = 32;
export const signatureBytes = 64;

/** SHA-256. Throws if the code for it can't be loaded. */
export async function sha256(bytes: Bytes): Promise<Bytes> {
  const subtle = findSubtle();
  if (subtle !== undefined) return new Uint8Array(await subtle.digest("SHA-256", bytes));
  const noble = await import("@noble/hashes/sha2.js");
  return noble.sha256(bytes);
}

/** True if the Ed25519 signature is the key's (RFC 8032). Throws if the code for it can't be loaded. */
export async function verifyEd25519(publicKey: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  if (publicKey.length !== publicKeyBytes || signature.length !== signatureBytes) return false;
  const subtle = findSubtle();
  if (subtle !== undefined) {
    try {
      const key = await subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]);
      return await subtle.verify("Ed25519", key, signature, message);
    } catch {
      // A browser that has Web Crypto without Ed25519, or a key that it doesn't take: the other code decides.
    }
  }
  return verifyWithNoble(publicKey, message, signature);
}

async function verifyWithNoble(publicKey: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  const [ed25519, { sha512 }] = await Promise.all([import("@noble/ed25519"), import("@noble/hashes/sha2.js")]);
  ed25519.hashes.sha512 = sha512;
  // As strict as Web Crypto: its own default takes more spellings of a point.
  return ed25519.verify(signature, message, publicKey, { zip215: false });
}

/** The DOM's types say that it is always there; on plain HTTP it isn't. */
function findSubtle(): SubtleCrypto | undefined {
  const { crypto }: { readonly crypto?: Partial<Crypto> } = globalThis;
  return crypto?.subtle;
}
