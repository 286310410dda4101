import { hash, randomInt } from "node:crypto";
import { invalidField } from "../refusal.ts";
import { noLimits, type TokenLimits } from "./limits.ts";
import { isOneLine } from "../http/request/text.ts";

/** An API key without its secret. `id` grows with age. Times are microseconds since 1970 UTC. */
export interface Token extends TokenLimits {
  readonly id: number;
  readonly userId: number;
  readonly name: string;
  readonly consumerKey: string;
  readonly tokenKey: string;
  readonly created: number;
}

/** What is drawn for a new token. The secret is shown once and forgotten. */
export interface ApiKeyParts {
  readonly consumerKey: string;
  readonly tokenKey: string;
  readonly secret: string;
}

/** MAAS's alphabet: letters and digits that nobody mistakes for one another. */
const alphabet = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const keyLength = 18;
const secretLength = 32;

const nameLengthMax = 255;
export const defaultTokenName = "MAAS consumer";

/** A token that is about to be stored, but for whose it is. */
export type DrawnToken = Omit<Token, "id" | "userId"> & { readonly secretHash: Uint8Array };

/** Draws a new API key, and what is to be stored of it. The secret has over 180 bits; `now` is in microseconds. */
export function drawToken(
  name: string,
  now: number,
  limits: TokenLimits = noLimits,
): { readonly token: DrawnToken; readonly credentials: ApiKeyParts } {
  const keys = { consumerKey: randomText(keyLength), tokenKey: randomText(keyLength) };
  const secret = randomText(secretLength);
  const token = { name, ...keys, ...limits, secretHash: hashSecret(secret), created: now };
  return { token, credentials: { ...keys, secret } };
}

/** `CK:TK:TS`, as it is given to a client. */
export function formatApiKey({ consumerKey, tokenKey, secret }: ApiKeyParts): string {
  return `${consumerKey}:${tokenKey}:${secret}`;
}

/** `CK:TK:********`, as a token is listed. */
export function maskedApiKey({ consumerKey, tokenKey }: Pick<Token, "consumerKey" | "tokenKey">): string {
  return `${consumerKey}:${tokenKey}:********`;
}

/** What is stored of a secret: random enough that a plain SHA-256 can't be searched. */
function hashSecret(secret: string): Buffer {
  return hash("sha256", secret, "buffer");
}

/** A token's name: free text, for people. */
export function parseTokenName(text: string, field = "name"): string {
  if (text.length > nameLengthMax) {
    throw invalidField(field, `Ensure this value has at most ${nameLengthMax} characters (it has ${text.length}).`);
  }
  if (!isOneLine(text)) throw invalidField(field, "Enter text without control characters.");
  return text;
}

/** Random text to be typed or kept, of characters that nobody mistakes: some 5.8 bits each. */
export function randomText(length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}
