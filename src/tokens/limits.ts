import { type ActingUser, readsAll } from "../audit/actor.ts";
import type { Credentials } from "../http/authentication/credentials.ts";
import { type Scope, scopes } from "../http/authentication/credentials.ts";
import { parseTime } from "../time.ts";
import { invalidField, Refusal } from "../refusal.ts";
import { isMirroredSource } from "../verifiable-log/event-source.ts";

/** What an API key is kept to. Both null: it may do what its user may, for good, as MAAS's keys. */
export interface TokenLimits {
  readonly scopes: readonly Scope[] | null;
  /** Microseconds since 1970 UTC. */
  readonly expires: number | null;
  /** `maas:NAME` for a key by which that MAAS's events are reported; null for any other. */
  readonly source: string | null;
}

export const noLimits: TokenLimits = { scopes: null, expires: null, source: null };

interface GivenLimits {
  readonly scopes?: readonly string[];
  readonly expires?: string;
}

/** Whoever makes a key, with what, and when. */
interface Maker {
  readonly acting: ActingUser;
  readonly credentials: Credentials;
  readonly now: number;
}

/**
 * The limits of a new key. Refuses a scope that isn't its maker's to give. A key that is made with another one ends with it
 * at the latest, or its own end would mean nothing.
 */
export function parseLimits(given: GivenLimits, { acting, credentials, now }: Maker): TokenLimits {
  const latest = makersEnd(credentials);
  const wanted = given.expires === undefined ? latest : parseExpiry(given.expires, now);
  return {
    scopes: given.scopes === undefined ? null : parseScopes(given.scopes, acting),
    expires: latest !== null && (wanted === null || wanted > latest) ? latest : wanted,
    source: null,
  };
}

/** The limits of a key for somebody else: it may not act as them, only on events. Its maker is an administrator. */
export function parseLimitsForOthers(given: GivenLimits & { readonly source?: string }, maker: Maker): TokenLimits {
  const limits = parseLimits(given, maker);
  if (limits.scopes === null || limits.scopes.some((scope) => scope === "admin" || scope === "audit")) {
    throw invalidField(
      "scopes",
      "Give events:read, events:write or both: a key for somebody else must not act as them.",
    );
  }
  return given.source === undefined ? limits : { ...limits, source: parseSource(given.source, limits) };
}

function parseSource(text: string, { scopes: given }: TokenLimits): string {
  if (!isMirroredSource(text)) throw invalidField("source", "Give maas:NAME, with the name of a MAAS.");
  if (given?.includes("events:write") === true) return text;
  throw invalidField("source", "Give the scope events:write too: a source is that of reported events.");
}

/** When the key ends with which a new one is made; null for never. */
export function makersEnd(credentials: Credentials): number | null {
  return credentials.kind === "token" ? credentials.expires : null;
}

function parseScopes(given: readonly string[], acting: ActingUser): readonly Scope[] {
  const unknown = given.find((name) => !(scopes as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw invalidField("scopes", `'${unknown}' is no scope: use ${scopes.join(", ")}.`);
  }
  if (given.length === 0) throw invalidField("scopes", "Name at least one scope, or leave scopes out for all rights.");
  // Otherwise everybody could report events, by a key that they make for themselves.
  if (given.includes("events:write") && !acting.isSuperuser) {
    const sentence = "Only administrators may give the scope events:write.";
    throw new Refusal("forbidden", sentence, { fields: { scopes: [sentence] }, isForAdministrators: true });
  }
  if (given.includes("audit") && !readsAll(acting)) {
    const sentence = "Only administrators and auditors may give the scope audit.";
    throw new Refusal("forbidden", sentence, { fields: { scopes: [sentence] }, isForAdministrators: true });
  }
  return scopes.filter((scope) => given.includes(scope));
}

function parseExpiry(text: string, now: number): number {
  const expires = parseTime(text, "expires");
  if (expires <= now)
    throw invalidField("expires", "Give a time in the future, or leave it out for a key without end.");
  return expires;
}
