import { timingSafeEqual } from "node:crypto";
import { imageOf } from "../../verifiable-log/row-digest.ts";
import { findTrusted } from "../../audit/row-trust.ts";
import { type LinkedPerson, type MirroredPerson, readsAll } from "../../audit/actor.ts";
import { perform } from "../../audit/perform.ts";
import type { Database } from "../../database/database.ts";
import { logVersion, VersionCache } from "../../database/version-cache.ts";
import type { Authenticate, Caller, RequestFacts, Vouch } from "../../http/authentication/caller.ts";
import { csrfCookie, sessionCookie } from "../../http/authentication/cookies.ts";
import { NonceMemory } from "../../http/authentication/nonce-memory.ts";
import { findOAuthCredentials, verifyPlaintextSignature } from "../../http/authentication/oauth.ts";
import { RateLimit } from "../../http/authentication/rate-limit.ts";
import type { Unrecorded } from "../../http/authentication/unrecorded.ts";
import { Refusal } from "../../refusal.ts";
import { type EndedToken, refuseToken } from "../../tokens/actions.ts";
import { findDeletedToken, findTokenHolder, hasConsumer, type TokenHolder } from "../../tokens/queries.ts";
import { fingerprint } from "../../verifiable-log/fingerprint.ts";
import { findLinkedPeople } from "../realms/realm-identities.ts";
import type { CredentialUses } from "./credential-uses.ts";
import { csrfToken, hashSessionId, type Session, sessionFingerprint, useIntervalMicros } from "./session.ts";
import { nowMicros } from "../../time.ts";
import { type NonceParts, useNonce } from "./nonces.ts";
import { type FactorPolicy, trustedFactorPolicy } from "../second-factor/factor-policy.ts";
import { factorOf, roleOf, type TrustedSession, trustedSession } from "./trusted-session.ts";
import { type SessionLifetimes, trustedLifetimes } from "./session-lifetimes.ts";
import { findRealmSession, realmPersonOf } from "./realm-sessions.ts";
import { findSession, hasPasswordEnded } from "./session-queries.ts";
import { checkSignedParts, deactivated, type TokenClaim, unauthorised } from "./token-claim.ts";

/** What a busy server sees in the ten minutes for which nonces are remembered; some 200 bytes each. */
const nonceCapacity = 1_000_000;
/** Clients that are known without asking the database, while nothing changes. */
const holdersRemembered = 10_000;
const noteAllowance = { burst: 1, refillMs: useIntervalMicros / 1000 };
/** What is told of an API key is when it was used last, to the hour. */
const tokenNoteAllowance = { burst: 1, refillMs: 3_600_000 };
/** Uses of deleted tokens that are recorded: a forgotten cron job must not fill the log. */
const refusedTokenAllowance = { burst: 10, refillMs: 60_000 };
/** The same as for other recorded acts of one user. */
const refusedOfUserAllowance = { burst: 600, refillMs: 1_000 };

export interface AuthenticationParts {
  readonly db: Database;
  readonly unrecorded: Unrecorded;
  readonly nonces: Pick<NonceParts, "shared" | "sinceSeconds" | "before">;
  /** Told which sessions are in use. */
  readonly sessionUses: Pick<CredentialUses, "note">;
  /** Told which API keys are in use. */
  readonly tokenUses: Pick<CredentialUses, "note">;
  /** Knows keys that aren't this server's. */
  readonly vouch: Vouch | undefined;
}

/** Makes the function that turns credentials into an actor: a session's cookie first, then a signature or a bearer key. */
export function authentication({
  db,
  unrecorded,
  nonces,
  sessionUses,
  tokenUses,
  vouch,
}: AuthenticationParts): Authenticate {
  const memory = new NonceMemory({ capacity: nonceCapacity, capacityPerKey: nonceCapacity / 2 });
  const lifetimes = new VersionCache<SessionLifetimes>(1);
  const policies = new VersionCache<FactorPolicy>(1);
  const holders = new VersionCache<TokenHolder | "nobody">(holdersRemembered);
  const linked = new VersionCache<readonly LinkedPerson[]>(holdersRemembered);
  const notedUses = new RateLimit(noteAllowance);
  const notedTokenUses = new RateLimit(tokenNoteAllowance);
  const refusedTokens = new RateLimit(refusedTokenAllowance);
  const refusedOfUser = new RateLimit(refusedOfUserAllowance);
  return async (facts) => {
    const sessionId = facts.cookies.get(sessionCookie);
    if (sessionId !== undefined) {
      const asOf = await logVersion(db);
      const good = await lifetimes.get(asOf, "", () => trustedLifetimes(db));
      const open = await findSession(db, sessionId, facts.now, good);
      if (open !== undefined) {
        const trusted = await trustedSession(db, open, sessionId);
        if (trusted !== undefined) {
          checkIntent(facts, sessionId);
          if (isNoteDue(open.session, facts)) sessionUses.note(open.session.id, facts.now, facts.ip);
          const policy = await policies.get(asOf, "", () => trustedFactorPolicy(db));
          return withLinked({ ...sessionCaller(facts, trusted, { sessionId, policy }), asOf });
        }
      } else {
        const caller = await byRealmSession(facts, sessionId, good);
        if (caller !== undefined) return { ...caller, asOf };
      }
    }
    const bearer = /^Bearer +([^\s:]+):([^\s:]+):([^\s:]+)$/i.exec(facts.authorization ?? "");
    const [, consumerKey = "", tokenKey = "", secret = ""] = bearer ?? [];
    if (bearer !== null) return byToken(facts, { consumerKey, tokenKey, signature: `&${secret}` });
    const signed = findOAuthCredentials(facts.authorization, facts.query, facts.form);
    if (signed === undefined) {
      const caller = nobody(facts);
      if (sessionId === undefined || !(await hasPasswordEnded(db, sessionId))) return caller;
      return { ...caller, credentials: { kind: "none", isPasswordChanged: true } };
    }
    if (signed.version !== undefined && signed.version !== "1.0") {
      throw unauthorised(`'OAuth version ${signed.version} not supported.'`);
    }
    return byToken(facts, signed);
  };

  /**
   * Once a minute for each address: a cookie that has leaked is told by another one. Many requests at once ask before the first of them
   * has written anything down.
   */
  function isNoteDue({ id, lastUsed, lastIp }: Pick<Session, "id" | "lastUsed" | "lastIp">, { now, ip }: RequestFacts) {
    if (now - lastUsed < useIntervalMicros && ip === lastIp) return false;
    return notedUses.take(`${id} ${ip}`, now / 1000) === 0;
  }

  async function byToken(facts: RequestFacts, claim: TokenClaim): Promise<Caller> {
    const asOf = await logVersion(db);
    const find = async () => (await findTrustedHolder(db, claim.tokenKey)) ?? "nobody";
    const holder = await holders.get(asOf, claim.tokenKey, find);
    if (holder === "nobody" || holder.consumerKey !== claim.consumerKey) {
      const mirrored = holder === "nobody" ? await byForeignKey(facts, claim) : undefined;
      if (mirrored !== undefined) return { ...mirrored, asOf };
      await refuseDeletedToken(facts, claim);
      // The consumer is looked for first, as in MAAS, so that its error tells which of the two is wrong.
      throw (await hasConsumer(db, claim.consumerKey))
        ? unauthorised(`'Invalid access token: ${claim.tokenKey}'`)
        : unauthorised("Invalid API key.");
    }
    checkSignedParts(claim, facts.now);
    if (!verifyPlaintextSignature(claim.signature, holder.secretHash)) {
      throw unauthorised("'Invalid signature.'");
    }
    if (claim.nonce !== undefined) await refuseReplay({ ...claim, nonce: claim.nonce }, facts.now / 1e6);
    if (holder.expires !== null && holder.expires <= facts.now) {
      await recordRefusedToken(facts, { ...holder, reason: "expired" });
      throw unauthorised(`'Expired access token: ${claim.tokenKey}'`);
    }
    if (!holder.isActive) throw deactivated();
    // From where it is used shows who has it: each address is noted.
    if (notedTokenUses.take(`${claim.tokenKey} ${facts.ip}`, facts.now / 1000) === 0) {
      tokenUses.note(holder.tokenId, facts.now, facts.ip);
    }
    return withLinked({ ...tokenCaller(facts, holder), asOf });
  }

  /** The session of a person of a mirrored MAAS, for as long as that vouches for them. */
  async function byRealmSession(
    facts: RequestFacts,
    sessionId: string,
    lifetimes: SessionLifetimes,
  ): Promise<Caller | undefined> {
    const session = await findRealmSession(db, sessionId, facts.now, lifetimes);
    if (session === undefined || vouch === undefined) return undefined;
    // An address that names another MAAS means another person.
    if (typeof facts.source === "string" && facts.source !== session.realm) return undefined;
    const known = imageOf({
      token_hash: hashSessionId(sessionId),
      realm: session.realm,
      realm_user_id: session.realmUserId,
    });
    const own = await findTrusted(db, "session", session.id, known);
    if (own === null) throw unauthorised("'The session is not what was recorded.'");
    const person = own === undefined ? undefined : await realmPersonOf(vouch, session, facts);
    if (person === undefined) return undefined;
    checkIntent(facts, sessionId);
    if (isNoteDue(session, facts)) sessionUses.note(session.id, facts.now, facts.ip);
    return realmCaller(facts, person, {
      id: session.id,
      sessionId,
      ask: async () => {
        const still = await findRealmSession(db, sessionId, nowMicros(), lifetimes);
        return still && vouch.byId(still);
      },
    });
  }

  /** Whoever reads everything needs no link for it. */
  async function withLinked(caller: Caller & { readonly asOf: string }): Promise<Caller> {
    const { user } = caller.actor;
    if (user === null || readsAll(user)) return caller;
    const people = await linked.get(caller.asOf, String(user.id), () => findLinkedPeople(db, user.id));
    return people.length === 0 ? caller : { ...caller, actor: { ...caller.actor, user: { ...user, linked: people } } };
  }

  async function byForeignKey(facts: RequestFacts, claim: TokenClaim): Promise<Caller | undefined> {
    const { consumerKey, tokenKey, signature, nonce } = claim;
    if (vouch === undefined || !signature.startsWith("&")) return undefined;
    checkSignedParts(claim, facts.now);
    const { actor } = nobody(facts, "API");
    const request = { source: facts.source, actor, now: facts.now };
    const holder = await vouch.byKey({ consumerKey, tokenKey, secret: signature.slice(1) }, request);
    if (holder === undefined) return undefined;
    // Not before: nonces of keys that are nobody's would fill the memory of all others.
    if (nonce !== undefined) await refuseReplay({ ...claim, nonce }, facts.now / 1e6);
    return { actor: { ...actor, mirrored: holder.person }, credentials: { kind: "mirrored", ask: holder.ask } };
  }

  async function refuseReplay(claim: TokenClaim & { readonly nonce: string }, nowSeconds: number): Promise<void> {
    const timestampSeconds = Number(claim.timestamp);
    const outcome = await useNonce({ db, memory, ...nonces }, { ...claim, timestampSeconds }, nowSeconds);
    if (outcome === "used") throw unauthorised(`'Nonce already used: ${claim.nonce}'`);
    if (outcome === "forgotten") {
      throw unauthorised(`'Expired timestamp: given ${claim.timestamp}, from before the server's last start'`);
    }
  }

  /** Only who knows the secret used the token; anybody else is guessing. */
  async function refuseDeletedToken(facts: RequestFacts, claim: TokenClaim): Promise<void> {
    const deleted = await findDeletedToken(db, claim.tokenKey);
    if (deleted === undefined || deleted.consumerKey !== claim.consumerKey) return;
    if (!verifyPlaintextSignature(claim.signature, deleted.secretHash)) return;
    await recordRefusedToken(facts, { ...deleted, reason: "deleted" });
    if (deleted.isUserDeactivated) throw deactivated();
  }

  async function recordRefusedToken(facts: RequestFacts, token: EndedToken): Promise<void> {
    const nowMs = facts.now / 1000;
    // One user may have had any number of tokens.
    if (refusedTokens.take(token.tokenKey, nowMs) > 0 || refusedOfUser.take(String(token.userId), nowMs) > 0) {
      return unrecorded.count("tokens", facts.ip, token.username);
    }
    await perform(db, nobody(facts, "API").actor, refuseToken, token);
  }
}

/** The same for a token. */
async function findTrustedHolder(db: Database, tokenKey: string): Promise<TokenHolder | undefined> {
  const holder = await findTokenHolder(db, tokenKey);
  if (holder === undefined) return undefined;
  const [own, user] = await Promise.all([
    findTrusted(db, "token", holder.tokenId, { token_key: tokenKey, user_id: holder.userId }),
    findTrusted(db, "user", holder.userId),
  ]);
  if (own === null || user === null) throw unauthorised("'The API key is not what was recorded.'");
  if (own === undefined || user === undefined) return undefined;
  return { ...holder, ...roleOf(user), isActive: user["is_active"] === 1 };
}

/** A page elsewhere can make a browser send its cookies, but it can't read this session's token. */
function checkIntent(facts: RequestFacts, sessionId: string): void {
  if (facts.method === "GET" || facts.method === "HEAD") return;
  const expected = Buffer.from(csrfToken(sessionId));
  const given = Buffer.from(facts.csrfToken ?? "");
  if (given.length === expected.length && timingSafeEqual(given, expected)) return;
  throw new Refusal(
    "forbidden",
    `CSRF verification failed: send the value of the cookie '${csrfCookie}' in the header X-CSRFToken.`,
  );
}

function sessionCaller(
  facts: RequestFacts,
  open: TrustedSession,
  { sessionId, policy }: { readonly sessionId: string; readonly policy: FactorPolicy },
): Caller {
  const { session, username, isSuperuser, isAuditor } = open;
  return {
    actor: {
      user: { id: session.userId, username, isSuperuser, ...(isAuditor && { isAuditor }) },
      origin: origin(facts, "UI"),
      credential: { kind: "session", id: session.id, fingerprint: sessionFingerprint(hashSessionId(sessionId)) },
    },
    credentials: { kind: "session", id: session.id, sessionId, factor: factorOf(open, policy, facts.now) },
  };
}

function realmCaller(
  facts: RequestFacts,
  mirrored: MirroredPerson,
  session: Pick<Extract<Caller["credentials"], { readonly kind: "session" }>, "id" | "sessionId" | "ask">,
): Caller {
  const { id, sessionId } = session;
  const fingerprint = sessionFingerprint(hashSessionId(sessionId));
  return {
    actor: { ...nobody(facts).actor, mirrored, credential: { kind: "session", id, fingerprint } },
    // Their second factor is their own MAAS's to ask for.
    credentials: { kind: "session", ...session, factor: { at: null, isSetUp: false, isOverdue: false } },
  };
}

function tokenCaller(facts: RequestFacts, holder: TokenHolder): Caller {
  const { userId, username, isSuperuser, isAuditor, tokenKey, scopes, expires, source } = holder;
  return {
    actor: {
      user: { id: userId, username, isSuperuser, ...(isAuditor && { isAuditor }) },
      origin: origin(facts, "API"),
      credential: { kind: "token", tokenKey, fingerprint: fingerprint(tokenKey) },
    },
    credentials: { kind: "token", tokenKey, scopes, expires, source },
  };
}

function nobody(facts: RequestFacts, endpoint: "UI" | "API" = "UI"): Caller {
  return { actor: { user: null, origin: origin(facts, endpoint) }, credentials: { kind: "none" } };
}

function origin({ ip, userAgent, traceId, forwarded }: RequestFacts, endpoint: "UI" | "API") {
  return { ip, userAgent, endpoint, traceId, forwarded };
}
