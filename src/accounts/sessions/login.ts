import type { Actor } from "../../audit/actor.ts";
import { findTrusted } from "../../audit/row-trust.ts";
import type { Database } from "../../database/database.ts";
import { Refusal } from "../../refusal.ts";
import { isPasswordLoginClosed, passwordLoginClosed } from "../../settings/password-login.ts";
import { asPasswordHash, parsePassword, type PasswordHasher } from "../passwords/password.ts";
import type { LoginServices } from "../services.ts";
import { draftSession, type LoginAttempt, type NewSession } from "./session-actions.ts";
import { type Account, findAccount, findAccountById, findUser } from "../users/user-queries.ts";

/** What MAAS says to a wrong name and to a wrong password alike. */
const wrongLogin = "Please enter a correct username and password. Note that both fields may be case-sensitive.";

/** What somebody is told whose login failed. */
export function loginRefusal({ isClosed }: Pick<LoginAttempt, "isClosed">): Refusal {
  return new Refusal("unauthenticated", isClosed === true ? passwordLoginClosed : wrongLogin);
}

/**
 * Checks a name and a password, taking as long for a name that is nobody's.
 *
 * Refuses with `too_many_requests` where the limiter does, and with `unauthenticated` where the attempt failed and the
 * log has had its share of failures: this one is only counted. `queue_full` if too many are waiting for their hash.
 * An account that is being guessed at answers later, by a bounded time.
 */
export async function attemptLogin(
  db: Database,
  { limiter, passwords }: LoginServices,
  actor: Actor,
  given: { readonly username: string; readonly password: string },
): Promise<LoginAttempt> {
  const { ip } = actor.origin;
  const now = Date.now();
  const user = await findUser(db, given.username);
  const isKnown = await limiter.isKnown(db, ip, now);
  const admitted = limiter.admit(ip, given.username, now, { account: user?.username, isKnown });
  let attempt: LoginAttempt;
  try {
    await admitted.turn();
    attempt = await checkPassword(db, passwords, given, admitted.knownCaller);
  } catch (error) {
    // Nothing was learnt by it, so it doesn't count.
    admitted.succeeded();
    throw error;
  }
  if (attempt.isPasswordRight && attempt.account?.user.isActive === true) admitted.succeeded();
  else if (!admitted.failed()) throw loginRefusal(attempt);
  return attempt;
}

async function checkPassword(
  db: Database,
  passwords: PasswordHasher,
  given: { readonly username: string; readonly password: string },
  knownCaller: string | undefined,
) {
  const account = await findTrustedAccount(db, given.username);
  const isClosed = await isPasswordLoginClosed(db);
  const mayTry = !isClosed || account?.user.isBreakGlass === true;
  const isPasswordRight =
    account === undefined || !mayTry
      ? await passwords.verifyAgainstNobody(given.password, knownCaller)
      : await passwords.verify(given.password, account.passwordHash, knownCaller);
  return { account, isPasswordRight, ...(isClosed && { isClosed }) };
}

/** The account of that name. One that somebody has changed behind the log's back is nobody's. */
async function findTrustedAccount(db: Database, username: string): Promise<Account | undefined> {
  return asTrusted(db, await findAccount(db, username));
}

/** The same for an account that was found before; undefined too where it was deleted meanwhile. */
export async function findTrustedAccountById(db: Database, id: number): Promise<Account | undefined> {
  return asTrusted(db, await findAccountById(db, id));
}

async function asTrusted(db: Database, found: Account | undefined): Promise<Account | undefined> {
  if (found === undefined) return undefined;
  const row = await findTrusted(db, "user", found.user.id);
  if (row === null || row === undefined) return undefined;
  const factorSince = row["factor_since"];
  // All that decides comes from the row that was checked: the one that was found may have been another a moment ago.
  return {
    passwordHash: asPasswordHash(String(row["password_hash"])),
    user: {
      ...found.user,
      isSuperuser: row["is_superuser"] === 1,
      isAuditor: row["is_auditor"] === 1,
      isActive: row["is_active"] === 1,
      isBreakGlass: row["is_break_glass"] === 1,
      hasPassword: row["is_password_unset"] !== 1,
      factorSince: factorSince === undefined ? null : Number(factorSince),
    },
  };
}

/** The session that a successful attempt gets. */
export async function prepareSession(
  passwords: PasswordHasher,
  { account, isPasswordRight }: LoginAttempt,
  given: {
    /** Left out where it was checked in an earlier request. */
    readonly password?: string;
    readonly sessionId: string;
    readonly lifetimeMicros: number;
    readonly actor: Actor;
    readonly now: number;
  },
): Promise<NewSession> {
  const { password } = given;
  const isRight = isPasswordRight && account !== undefined;
  const isOutdated = isRight && password !== undefined && passwords.needsRehash(account.passwordHash);
  return {
    ...draftSession(given.sessionId, given.actor.origin, given),
    rehashed: isOutdated ? await passwords.hash(parsePassword(password, "password")) : undefined,
  };
}
