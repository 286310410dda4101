import { createHmac, createPrivateKey, sign } from "node:crypto";

/** Signs a message of Standard Webhooks 1.0: gives one entry of `webhook-signature`. */
export type WebhookKey = (signed: Buffer) => string;

/** RFC 8410: what stands before the 32 bytes of an Ed25519 key in PKCS #8. */
const ed25519Prefix = Buffer.from("302e020100300506032b657004220420", "hex");

/**
 * Reads a signing key as it is shown: `whsec_` and a secret of 24 to 64 bytes for HMAC-SHA256 (`v1`), or `whsk_` and an Ed25519
 * key (`v1a`), alone or with its public half behind. Base64. Throws for anything else, without repeating it.
 */
export function webhookKey(text: string): WebhookKey {
  const [, prefix, encoded = ""] = /^(whsec_|whsk_)([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  const bytes = Buffer.from(encoded, "base64");
  if (prefix === "whsec_" && bytes.length >= 24 && bytes.length <= 64) {
    return (signed) => `v1,${createHmac("sha256", bytes).update(signed).digest("base64")}`;
  }
  if (prefix === "whsk_" && (bytes.length === 32 || bytes.length === 64)) {
    const der = Buffer.concat([ed25519Prefix, bytes.subarray(0, 32)]);
    const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
    return (signed) => `v1a,${sign(null, signed, key).toString("base64")}`;
  }
  throw new Error(
    "This is no signing key of Standard Webhooks: give whsec_ with 24 to 64 bytes, or whsk_ with an Ed25519 key, in Base64.",
  );
}

/** The headers of an attempt to send a message; `seconds` since 1970 are the attempt's. */
export function webhookHeaders(
  keys: readonly WebhookKey[],
  id: string,
  seconds: number,
  body: Uint8Array,
): Readonly<Record<string, string>> {
  const signed = Buffer.concat([Buffer.from(`${id}.${seconds}.`), body]);
  return {
    "webhook-id": id,
    "webhook-timestamp": String(seconds),
    ...(keys.length > 0 && { "webhook-signature": keys.map((key) => key(signed)).join(" ") }),
  };
}
