import { hash } from "node:crypto";

/** Tells keys and sessions apart in the log without naming them: of the key of an API key, of the stored hash of a session's cookie. */
export function fingerprint(of: string | Uint8Array): string {
  return `sha256:${hash("sha256", of, "hex").slice(0, 16)}`;
}
