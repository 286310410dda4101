import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { cookie } from "../../http/authentication/cookies.ts";

/** What a browser keeps of a login that waits for the provider. */
export const pendingCookieName = "oidclogin";
/** People look for their second factor meanwhile. */
export const pendingSeconds = 600;

/** Why somebody is sent to a provider: to log in, to log in anew whoever is logged in there, or to link their account. */
export type Purpose = "login" | "again" | "link";

/**
 * A login that has begun. The browser's cookie holds it, so that all servers know it and nobody can fill a table; what the provider and
 * its answer must show is derived from the secret in it, and is stored nowhere.
 */
export interface PendingLogin {
  readonly provider: string;
  readonly purpose: Purpose;
  /** A path of the pages. */
  readonly returnTo: string;
  /** Seconds since 1970 UTC. */
  readonly started: number;
  readonly secret: string;
  /** Shows that the session that wants to be linked began it. */
  readonly proof: string;
}

export function beginPending(
  {
    provider,
    purpose,
    returnTo,
    sessionId,
  }: Omit<PendingLogin, "started" | "secret" | "proof"> & { readonly sessionId?: string },
  nowSeconds: number,
): PendingLogin {
  const secret = randomBytes(32).toString("base64url");
  const proof = sessionId === undefined ? "" : proofOf(sessionId, secret);
  return { provider, purpose, returnTo, started: Math.floor(nowSeconds), secret, proof };
}

/** Whether the session of that cookie's value began it. Only its browser can: another site's cookie links nothing. */
export function wasBegunBy({ proof, secret }: PendingLogin, sessionId: string): boolean {
  const [given, expected] = [Buffer.from(proof), Buffer.from(proofOf(sessionId, secret))];
  return given.length === expected.length && timingSafeEqual(given, expected);
}

export interface PendingChecks {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** What the provider is sent, and must send back or be shown. */
export function checksOf({ secret }: PendingLogin): PendingChecks {
  const derive = (what: string): string =>
    createHmac("sha256", secret).update(`ironlog oidc ${what}`).digest("base64url");
  return { state: derive("state"), nonce: derive("nonce"), codeVerifier: derive("code verifier") };
}

export function pendingCookie(pending: PendingLogin, isSecure: boolean): string {
  const { provider, purpose, returnTo, started, secret, proof } = pending;
  const value = Buffer.from(JSON.stringify([provider, purpose, returnTo, started, secret, proof])).toString(
    "base64url",
  );
  return cookie(pendingCookieName, value, { isSecure, maxAgeSeconds: pendingSeconds, isForScripts: false });
}

export function endedPendingCookie(isSecure: boolean): string {
  return cookie(pendingCookieName, "", { isSecure, maxAgeSeconds: 0, isForScripts: false });
}

/** The login that the cookie holds, while it is good. */
export function readPending(value: string | undefined, nowSeconds: number): PendingLogin | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(value ?? "", "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts)) return undefined;
  const [provider, purpose, returnTo, started, secret, proof]: unknown[] = parts;
  const isWhole =
    typeof provider === "string" &&
    (purpose === "login" || purpose === "again" || purpose === "link") &&
    typeof returnTo === "string" &&
    typeof started === "number" &&
    typeof secret === "string" &&
    secret.length === 43 &&
    typeof proof === "string";
  if (!isWhole || started > nowSeconds + 1 || started < nowSeconds - pendingSeconds) return undefined;
  return { provider, purpose, returnTo: safePath(returnTo), started, secret, proof };
}

/** A path of this server's pages; the first page for anything that a browser could read as another address. */
export function safePath(path: string | undefined): string {
  return path !== undefined && path.length <= 2_000 && /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(path) ? path : "/";
}

function proofOf(sessionId: string, secret: string): string {
  return createHmac("sha256", sessionId).update(`ironlog oidc link ${secret}`).digest("base64url");
}
