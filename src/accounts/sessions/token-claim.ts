import type { OAuthCredentials } from "../../http/authentication/oauth.ts";
import { Refusal } from "../../refusal.ts";

/** Older signed requests are not believed; younger than now by more than this neither: somebody's clock is wrong. */
const timestampToleranceSeconds = 300;

/** What a client says of its token, signed or not. */
export type TokenClaim = Pick<OAuthCredentials, "consumerKey" | "tokenKey" | "signature"> & Partial<OAuthCredentials>;

/** A signed request says when it was signed, and how; a bearer key says neither. */
export function checkSignedParts({ timestamp, signatureMethod }: TokenClaim, now: number): void {
  if (timestamp === undefined) return;
  if (!/^\d{1,15}$/.test(timestamp)) {
    throw new Refusal("invalid", "Bad Request: oauth_timestamp is the time in whole seconds since 1970.");
  }
  const seconds = Math.floor(now / 1e6);
  if (Math.abs(seconds - Number(timestamp)) > timestampToleranceSeconds) {
    throw unauthorised(
      `'Expired timestamp: given ${timestamp} and now ${seconds} has a greater difference than threshold ${timestampToleranceSeconds}'`,
    );
  }
  if (signatureMethod !== "PLAINTEXT") {
    throw unauthorised(`'Signature method ${signatureMethod} not supported try one of the following: PLAINTEXT'`);
  }
}

/** MAAS's words. Never what the signature should have been: for PLAINTEXT that is the secret. */
export function unauthorised(reason: string): Refusal {
  return new Refusal("unauthenticated", `Authorization Error: ${reason}`);
}

/** What MAAS says to the key of a deactivated user. */
export function deactivated(): Refusal {
  return new Refusal("forbidden", "User is not allowed access to this API.");
}
