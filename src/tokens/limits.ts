import type { ActingUser } from "../audit/actor.ts";
import { type Scope, scopes } from "../http/permission.ts";
import { parseTime } from "../http/time.ts";
import { invalidField, Refusal } from "../refusal.ts";

/** What an API key is kept to. Both null: it may do what its user may, for good, as MAAS's keys. */
export interface TokenLimits {
  readonly scopes: readonly Scope[] | null;
  /** Microseconds since 1970 UTC. */
  readonly expires: number | null;
}

export const noLimits: TokenLimits = { scopes: null, expires: null };

interface GivenLimits {
  readonly scopes?: readonly string[];
  readonly expires?: string;
}

/** The limits of a new key, which `acting` makes at `now`. Refuses a scope that isn't theirs to give. */
export function parseLimits(given: GivenLimits, acting: ActingUser, now: number): TokenLimits {
  return {
    scopes: given.scopes === undefined ? null : parseScopes(given.scopes, acting),
    expires: given.expires === undefined ? null : parseExpiry(given.expires, now),
  };
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
  return scopes.filter((scope) => given.includes(scope));
}

function parseExpiry(text: string, now: number): number {
  const expires = parseTime(text, "expires");
  if (expires <= now)
    throw invalidField("expires", "Give a time in the future, or leave it out for a key without end.");
  return expires;
}
