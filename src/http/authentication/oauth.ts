import assert from "node:assert/strict";
import { hash, timingSafeEqual } from "node:crypto";
import { Refusal } from "../../refusal.ts";
import { findPercentDecoded } from "../request/text.ts";

/** What a client signed its request with, as it sent it: nothing in it is checked yet, and `signature` is a secret. */
export interface OAuthCredentials {
  readonly consumerKey: string;
  readonly tokenKey: string;
  readonly signature: string;
  readonly signatureMethod: string;
  /** Meant as Unix seconds. */
  readonly timestamp: string;
  readonly nonce: string;
  readonly version: string | undefined;
}

/** Where `oauth_*` parameters may stand: `Parameters` is one. */
export interface OAuthSource {
  last(name: string): string | undefined;
}

/** In characters: a real header has some 300; Node lets 16 KiB of headers through. */
const headerLengthMax = 8_192;

const scheme = "OAuth ";

/**
 * The OAuth 1.0 credentials of a request, where all six parameters of an attempt are there (empty ones count);
 * undefined otherwise: the request is then anonymous. The query's override the header's, which override the form's.
 * Reads the header as MAAS does: scheme in that very case, pieces with `realm` in them dropped, quotes optional, `+`
 * kept. What is not percent-encoded UTF-8, or would hold a NUL, stays as it was sent. Refuses (`invalid`) an OAuth
 * header beyond 8 KiB.
 */
export function findOAuthCredentials(
  header: string | undefined,
  query: OAuthSource,
  form: OAuthSource,
): OAuthCredentials | undefined {
  const inHeader = headerParameters(header ?? "");
  const find = (name: string): string | undefined => query.last(name) ?? inHeader.get(name) ?? form.last(name);
  const consumerKey = find("oauth_consumer_key");
  const tokenKey = find("oauth_token");
  const signature = find("oauth_signature");
  const signatureMethod = find("oauth_signature_method");
  const timestamp = find("oauth_timestamp");
  const nonce = find("oauth_nonce");
  if (consumerKey === undefined || tokenKey === undefined || signature === undefined) return undefined;
  if (signatureMethod === undefined || timestamp === undefined || nonce === undefined) return undefined;
  return { consumerKey, tokenKey, signature, signatureMethod, timestamp, nonce, version: find("oauth_version") };
}

function headerParameters(header: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  if (!header.startsWith(scheme)) return parameters;
  if (header.length > headerLengthMax) {
    throw new Refusal("invalid", `Send an Authorization header of at most ${headerLengthMax} characters.`);
  }
  for (const piece of header.slice(scheme.length).split(",")) {
    const equals = piece.indexOf("=");
    if (equals < 0 || piece.includes("realm")) continue;
    parameters.set(piece.slice(0, equals).trim(), decoded(piece.slice(equals + 1).trim()));
  }
  return parameters;
}

function decoded(value: string): string {
  const unquoted = value.replaceAll(/^"+|"+$/g, "");
  const text = findPercentDecoded(unquoted);
  return text === undefined || text.includes("\0") ? unquoted : text;
}

/**
 * Whether a PLAINTEXT signature is `&` and the token's secret (a MAAS consumer has no secret of its own), where
 * `secretHash` is the SHA-256 of that secret: the only form in which it is stored. Takes the same time for any secret.
 */
export function verifyPlaintextSignature(signature: string, secretHash: Uint8Array): boolean {
  assert.equal(secretHash.length, 32, "a token's secret is stored as its SHA-256");
  const given = hash("sha256", signature.slice(1), "buffer");
  return timingSafeEqual(given, secretHash) && signature.startsWith("&");
}
