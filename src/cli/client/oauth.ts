import type { ApiKey } from "../profiles/api-key.ts";
import { percentEncode } from "./percent-encoding.ts";

/** The `Authorization` header of one request: OAuth 1.0, PLAINTEXT, in the order of Canonical's client. */
export function authorizationHeader(key: ApiKey, nowMs: number): string {
  const parameters = [
    ["oauth_nonce", freshNonce()],
    ["oauth_timestamp", String(Math.floor(nowMs / 1000))],
    ["oauth_version", "1.0"],
    ["oauth_signature_method", "PLAINTEXT"],
    ["oauth_consumer_key", key.consumerKey],
    ["oauth_token", key.tokenKey],
    ["oauth_signature", `&${key.tokenSecret}`],
  ] as const;
  return `OAuth ${parameters.map(([name, value]) => `${name}="${percentEncode(value)}"`).join(", ")}`;
}

/**
 * Decimal digits that no other request of this key has used within the five minutes that a server remembers them.
 * It need not be secret, only unlike the others: `node:crypto` would add a quarter to the time of every command.
 */
function freshNonce(): string {
  return `1${randomDigits()}${randomDigits()}`;
}

function randomDigits(): string {
  return String(Math.floor(Math.random() * 1e15)).padStart(15, "0");
}
