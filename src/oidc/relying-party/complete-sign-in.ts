import { hash, randomBytes } from "node:crypto";
import type { LoginLimiter } from "../../accounts/login-limits/login-limiter.ts";
import { spendOnce } from "../../accounts/second-factor/sealed-state.ts";
import { parsePassword, type PasswordHasher } from "../../accounts/passwords/password.ts";
import { newSessionId } from "../../accounts/sessions/session.ts";
import { draftSession } from "../../accounts/sessions/session-actions.ts";
import { sessionCookies } from "../../accounts/sessions/session-cookies.ts";
import { sessionLifetimes } from "../../accounts/sessions/session-lifetimes.ts";
import type { Actor } from "../../audit/actor.ts";
import { perform } from "../../audit/perform.ts";
import { whileEntitled } from "../../audit/while-entitled.ts";
import type { Database } from "../../database/database.ts";
import type { ActLimit } from "../../http/authentication/act-limit.ts";
import type { Caller } from "../../http/authentication/caller.ts";
import type { RateLimit } from "../../http/authentication/rate-limit.ts";
import { parseQuery } from "../../http/maas/parameters/parameters.ts";
import { Refusal } from "../../refusal.ts";
import { linkIdentity } from "../identity-actions.ts";
import { findTrustedIdentity } from "../identity-queries.ts";
import type { TrustedProvider } from "../provider-queries.ts";
import { recordFailedSignIn, signIn } from "../sign-in-actions.ts";
import { getUsable } from "./begin-sign-in.ts";
import { claimedAccount, claimedRole, isAllowed } from "./claims.ts";
import { SignInFailure } from "./failure.ts";
import { hintCookie } from "./logout-hint.ts";
import { finishSignIn, type Vouched } from "./finish-sign-in.ts";
import {
  checksOf,
  endedPendingCookie,
  type PendingLogin,
  pendingCookieName,
  pendingSeconds,
  readPending,
  wasBegunBy,
} from "./pending-login.ts";
import type { ProviderClients } from "./provider-clients.ts";

/** What logins through providers share in a server. */
export interface SignInParts {
  readonly clients: ProviderClients;
  readonly limiter: LoginLimiter;
  readonly passwords: PasswordHasher;
  /** Log-out tokens that are no good, by address: anybody may send some, and the diagnostics tell of a few. */
  readonly complaints: RateLimit;
}

interface Parts extends SignInParts {
  readonly db: Database;
  readonly acts: ActLimit;
}

/** What a browser is answered: where to go, and what to keep. */
export interface Onward {
  /** A path of this server, or another's address. */
  readonly location: string;
  readonly cookies: readonly string[];
}

/** The request with which a browser comes back from a provider. */
export interface ReturnPlace {
  readonly provider: string;
  readonly baseUrl: string;
  readonly isSecure: boolean;
  /** The query as it came. */
  readonly search: string;
  /** Microseconds. */
  readonly now: number;
}

/**
 * Ends a login that began at `beginSignIn`. Failures are recorded, as far as the limiter lets them. Throws a `SignInFailure`, or refuses
 * with `too_many_requests`.
 */
export async function completeSignIn(
  parts: Parts,
  caller: Caller,
  place: ReturnPlace,
  cookies: ReadonlyMap<string, string>,
): Promise<Onward> {
  const { db, limiter } = parts;
  const { ip } = caller.actor.origin;
  // First of all: what a page elsewhere made a browser send is nobody's attempt, and counts for nothing.
  const pending = findPending(place, cookies);
  const nowMs = Date.now();
  const admitted = limiter.admit(ip, `oidc ${place.provider}`, nowMs, {
    isKnown: await limiter.isKnown(db, ip, nowMs),
  });
  let provider: TrustedProvider | undefined;
  let vouched: Vouched | undefined;
  try {
    provider = await getUsable(db, place.provider);
    vouched = await finishSignIn(parts.clients, provider, pending, place);
    await spend(db, pending, place.now);
    if (!isAllowed(vouched.claims, provider)) throw new SignInFailure("not_allowed", "the required claim is missing");
    const done = pending.purpose === "link" ? link : logInBy;
    const onward = await done(parts, caller, { provider, pending, vouched, place });
    admitted.succeeded();
    return onward;
  } catch (error) {
    if (!(error instanceof SignInFailure)) {
      admitted.succeeded();
      throw error;
    }
    if (pending.purpose === "link") error.toldAt = "/account/prefs/details";
    if (admitted.failed() && provider !== undefined && !(error instanceof RecordedFailure)) {
      const { reason, message: cause } = error;
      const actor = nobodyFrom(caller);
      await perform(db, actor, recordFailedSignIn, { provider, subject: vouched?.subject, reason, cause });
    }
    throw error;
  }
}

/** A failure that stands in the log already, since only the action could find it. */
class RecordedFailure extends SignInFailure {}

/** The login that the browser began. */
function findPending({ provider, search, now }: ReturnPlace, cookies: ReadonlyMap<string, string>): PendingLogin {
  const pending = readPending(cookies.get(pendingCookieName), now / 1e6);
  if (pending === undefined || pending.provider !== provider) {
    throw new SignInFailure("expired", "this browser has begun no login, or too long ago");
  }
  const { state } = checksOf(pending);
  if (parseQuery(search).last("state") !== state) {
    throw new SignInFailure("expired", "the state is not that of the login that this browser began last");
  }
  return pending;
}

/** Uses it up, only now: nobody makes rows with answers that no provider has given. */
async function spend(db: Database, pending: PendingLogin, now: number): Promise<void> {
  const id = hash("sha256", `oidc state ${checksOf(pending).state}`, "base64url");
  const expires = (pending.started + pendingSeconds + 60) * 1_000_000;
  if (!(await spendOnce(db, { id, expires }, now))) throw new SignInFailure("expired", "this login was used already");
}

interface Return {
  readonly provider: TrustedProvider;
  readonly pending: PendingLogin;
  readonly vouched: Vouched;
  readonly place: ReturnPlace;
}

async function logInBy(parts: Parts, caller: Caller, { provider, pending, vouched, place }: Return): Promise<Onward> {
  const { db, acts, passwords } = parts;
  const { now, isSecure } = place;
  const { subject, providerSession, claims } = vouched;
  const known = await findTrustedIdentity(db, provider.id, subject);
  if (known === null) throw new SignInFailure("changed", "the link or the account is not what was recorded");
  const isCreated = known === undefined && provider.accounts === "create";
  const sessionId = newSessionId();
  const { absoluteMicros, providerMicros } = await sessionLifetimes(db);
  const result = await perform(db, nobodyFrom(caller), acts.around(signIn), {
    provider,
    subject,
    known,
    account: isCreated
      ? { ...claimedAccount(claims, provider), passwordHash: await passwords.hash(nobodysPassword()) }
      : undefined,
    role: claimedRole(claims, provider),
    session: {
      ...draftSession(sessionId, caller.actor.origin, { lifetimeMicros: absoluteMicros, now }),
      // The provider asks for as many factors as its policy says: none of Ironlog's own is asked for on top.
      factorAt: vouched.authenticated ?? now,
    },
    providerSession,
    replacesId: caller.credentials.kind === "session" ? caller.credentials.id : undefined,
  });
  if (result.user === undefined) throw new RecordedFailure(result.reason, `nobody was let in: ${result.reason}`);
  const cookies = [
    ...sessionCookies(sessionId, { isSecure, lifetimeMicros: providerMicros }),
    hintCookie(vouched.idToken, { isSecure, lifetimeMicros: providerMicros }),
    endedPendingCookie(isSecure),
  ];
  return { location: pending.returnTo, cookies };
}

/** Links the account of the session that began it. */
async function link(
  { db, acts }: Parts,
  { actor, credentials }: Caller,
  { provider, pending, vouched, place }: Return,
): Promise<Onward> {
  const { user } = actor;
  if (user === null || credentials.kind !== "session" || !wasBegunBy(pending, credentials.sessionId)) {
    throw new SignInFailure("expired", "the session that began it has ended");
  }
  const { subject } = vouched;
  try {
    const input = { user, provider: provider.name, subject, now: place.now };
    await perform(db, actor, acts.around(whileEntitled(linkIdentity)), input);
  } catch (error) {
    if (!(error instanceof Refusal && error.code === "conflict")) throw error;
    throw new SignInFailure("linked", error.message, { cause: error });
  }
  return { location: pending.returnTo, cookies: [endedPendingCookie(place.isSecure)] };
}

/** Nobody is logged in who logs in: what a session of before may do has nothing to do with it. */
function nobodyFrom({ actor }: Caller): Actor {
  return { user: null, origin: { ...actor.origin, endpoint: "UI" } };
}

/** An account that a provider vouches for has a password that nobody knows, until an administrator sets one. */
function nobodysPassword() {
  return parsePassword(randomBytes(32).toString("base64url"), "password");
}
