import { defineAction, type Tx } from "../../audit/action.ts";
import type { RequestOrigin } from "../../audit/actor.ts";
import { type EventDraft, type EventExtras, draftEvent } from "../../audit/event-draft.ts";
import { roleName } from "../../audit/kind-words.ts";
import type { BookkeepingTables } from "../../database/tables.ts";
import type { UnrecordedCount } from "../../http/authentication/unrecorded.ts";
import { Refusal } from "../../refusal.ts";
import { insertToken, type NewToken, tokenCreated } from "../../tokens/actions.ts";
import type { PasswordHash } from "../passwords/password.ts";
import type { FactorOutcome, UsedFactor } from "../second-factor/factor.ts";
import { usedDetails, useFactor } from "../second-factor/use-factor.ts";
import { sessionLifetimes } from "./session-lifetimes.ts";
import { hashSessionId, sessionFingerprint } from "./session.ts";
import { goodSessions } from "./session-queries.ts";
import type { User } from "../users/user.ts";
import { userTarget } from "../users/user-target.ts";
import { type Account, findAccountById } from "../users/user-queries.ts";

/** Somebody gave a name and a password. */
export interface LoginAttempt {
  /** The account of that name, if there is one: a name that is nobody's is not kept. */
  readonly account: Account | undefined;
  readonly isPasswordRight: boolean;
  /** Set where password login is closed: then only a break-glass account's password is looked at. */
  readonly isClosed?: boolean;
  /** What became of the second factor; left out for an account that has none. */
  readonly factor?: FactorOutcome;
}

export interface NewSession {
  readonly tokenHash: Uint8Array;
  /** Sessions of the same user that are older have ended by themselves, and are cleared away. */
  readonly endedBefore: number;
  readonly ip: string | null;
  readonly userAgent: string;
  /** The password under today's parameters, where the stored hash has older ones. */
  readonly rehashed: PasswordHash | undefined;
  /** By which identity at a provider it is opened, and how the provider calls its own session. */
  readonly identity?: { readonly id: number; readonly providerSession: string | null };
  /** Microseconds. */
  readonly now: number;
}

/** What a session begins with, whoever it is for. Times are in microseconds. */
export function draftSession(
  sessionId: string,
  { ip, userAgent }: RequestOrigin,
  { lifetimeMicros, now }: { readonly lifetimeMicros: number; readonly now: number },
): Omit<NewSession, "rehashed" | "identity"> {
  const endedBefore = now - lifetimeMicros;
  return { tokenHash: hashSessionId(sessionId), endedBefore, ip, userAgent: userAgent ?? "", now };
}

/** The same with when a second factor, or the organisation's provider, vouched for it; null for never. */
export type OpenedSession = Omit<NewSession, "rehashed"> & { readonly factorAt: number | null };

/** Logs in, asks for a second factor, or records that it failed: all are acts, and the result says which. */
export const logIn = defineAction({
  async run(tx, { attempt, session }: { attempt: LoginAttempt; session: NewSession }) {
    const { user, asked, factor } = await admit(tx, attempt);
    if (user === undefined) return { user: undefined, asked };
    if (session.rehashed !== undefined) {
      await tx.updateTable("user").set({ password_hash: session.rehashed }).where("id", "=", user.id).execute();
    }
    const factorAt = factor === undefined ? null : session.now;
    const id = await insertSession(tx, { user_id: user.id }, { ...session, factorAt });
    return { user, sessionId: id, used: factor && (await usedDetails(tx, user.id, factor)) };
  },
  events({ user, asked, used }, { attempt, session }) {
    if (user === undefined) return [notLoggedIn(attempt, asked)];
    const event = loginEvent(user, session, used);
    return user.isBreakGlass ? [event, brokeGlass(user)] : [event];
  },
});

/** The event of a login; `details` say how, where it wasn't by a password alone. */
export function loginEvent(
  user: User,
  { tokenHash }: Pick<NewSession, "tokenHash">,
  details?: EventExtras["details"],
): EventDraft {
  const extras = { as: asUser(user), target: userTarget(user), session: sessionFingerprint(tokenHash) };
  return draftEvent(
    "auth.login",
    { username: user.username },
    { ...extras, details: { role: roleName(user), ...details } },
  );
}

/** An alarm, and so a failure: such an account is for the day on which nothing else works. */
export function brokeGlass(user: User): EventDraft {
  const extras = { outcome: "failure", as: asUser(user), target: userTarget(user) } as const;
  return draftEvent("auth.break_glass", { username: user.username }, extras);
}

function notLoggedIn(attempt: LoginAttempt, asked: User | undefined): EventDraft {
  if (asked === undefined) return loginFailed(attempt);
  return draftEvent("auth.factor.ask", { username: asked.username }, { as: asUser(asked), target: userTarget(asked) });
}

/** Whose session it is: an account's, or a person's of a mirrored MAAS. */
export type SessionOwner = { readonly user_id: number } | { readonly realm: string; readonly realm_user_id: number };

/** Opens a session as a part of another action, and clears away those that have ended by themselves. Returns its id. */
export async function insertSession(tx: Tx, owner: SessionOwner, session: OpenedSession): Promise<number> {
  await tx
    .deleteFrom("session")
    .where((eb) => eb.and(owner))
    .where("created", "<=", session.endedBefore)
    .execute();
  const { id } = await tx
    .insertInto("session")
    .values({
      ...owner,
      token_hash: session.tokenHash,
      created: session.now,
      ip: session.ip,
      user_agent: session.userAgent,
      factor_at: session.factorAt,
      identity_id: session.identity?.id ?? null,
      provider_session: session.identity?.providerSession ?? null,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

/** Makes an API token for a name and a password, without a session: MAAS's `accounts/authenticate/`. */
export const authenticate = defineAction({
  async run(tx, { attempt, token }: { attempt: LoginAttempt; token: Omit<NewToken, "userId"> }) {
    const { user, asked, factor } = await admit(tx, attempt);
    if (user === undefined) return { user: undefined, asked };
    const used = factor && (await usedDetails(tx, user.id, factor));
    return { user, used, token: await insertToken(tx, { ...token, userId: user.id }) };
  },
  events({ user, asked, used, token }, { attempt }) {
    if (user === undefined) return [notLoggedIn(attempt, asked)];
    const event = tokenCreated(token, { as: asUser(user), ...(used && { details: used }) });
    return user.isBreakGlass ? [event, brokeGlass(user)] : [event];
  },
});

export const logOut = defineAction({
  async run(tx, { sessionId, username }: { sessionId: number; username: string }) {
    const gone = await tx.deleteFrom("session").where("id", "=", sessionId).executeTakeFirst();
    if (gone.numDeletedRows === 0n) throw new Refusal("unauthenticated", "This session had ended already.");
    return { username };
  },
  events: ({ username }) => [draftEvent("auth.logout", { username })],
});

export interface EndedSessions {
  readonly user: Pick<User, "id" | "username">;
  /** Undefined for all of them. */
  readonly sessionId: number | undefined;
  /** The one that stays where all others end. */
  readonly exceptId?: number | undefined;
  /** Microseconds. */
  readonly now: number;
}

/** Ends one session by hand, or all of a user's. */
export const endSessions = defineAction({
  async run(tx, { user, sessionId, exceptId, now }: EndedSessions) {
    if (sessionId === undefined) {
      return { user, ended: await deleteSessionsOf(tx, user.id, now, exceptId), which: undefined };
    }
    const session = await tx
      .selectFrom("session")
      .select("token_hash")
      .where("id", "=", sessionId)
      .where("user_id", "=", user.id)
      .executeTakeFirst();
    if (session === undefined) throw new Refusal("not_found", `There is no session ${sessionId}.`);
    await tx.deleteFrom("session").where("id", "=", sessionId).execute();
    return { user, ended: 1, which: sessionFingerprint(session.token_hash) };
  },
  events: ({ user, ended, which }) => [
    draftEvent(
      "session.end",
      { username: user.username, ended },
      {
        target: userTarget(user),
        details: { sessions_ended: ended, ...(which !== undefined && { ended_session: which }) },
      },
    ),
  ],
});

/** Attempts that a limiter turned away or that were too many to record one by one, counted over the last minute. */
export const recordBlockedLogins = defineAction({
  async run(_tx, blocked: UnrecordedCount) {
    return blocked;
  },
  events: ({ attempts, byKind, accounts, addresses }) => [
    draftEvent(
      "auth.login.blocked",
      { attempts },
      {
        outcome: "failure",
        details: {
          attempts,
          by_kind: byKind,
          accounts: accounts.most.map(({ name, attempts: tries }) => ({ name, attempts: tries })),
          other_accounts: accounts.others,
          addresses: addresses.most.map(({ name, attempts: tries }) => ({ address: name, attempts: tries })),
          other_addresses: addresses.others,
        },
      },
    ),
  ],
});

/**
 * Ends every session of a user, but for one that may be named, as a part of another action. Returns how many of them were still good at `now`: those that
 * have expired are cleared away with the rest, but nobody ended them.
 */
export async function deleteSessionsOf(tx: Tx, userId: number, now: number, exceptId = noSession): Promise<number> {
  const reader = tx.withTables<Pick<BookkeepingTables, "session_use">>();
  const { good } = await goodSessions(reader, now, await sessionLifetimes(tx))
    .select(({ fn }) => fn.countAll<number>().as("good"))
    .where("session.user_id", "=", userId)
    .where("session.id", "!=", exceptId)
    .executeTakeFirstOrThrow();
  await tx.deleteFrom("session").where("user_id", "=", userId).where("id", "!=", exceptId).execute();
  return good;
}

/** Notes which sessions a new password is about to end, for as long as their cookies may come back. */
export async function noteEndByPassword(tx: Tx, userId: number, now: number): Promise<void> {
  const { absoluteMicros } = await sessionLifetimes(tx);
  await tx
    .deleteFrom("session_ended_by_password")
    .where("ended", "<=", now - absoluteMicros)
    .execute();
  await tx
    .insertInto("session_ended_by_password")
    .columns(["token_hash", "ended"])
    .expression((eb) =>
      eb
        .selectFrom("session")
        .select(["token_hash", eb.cast<number>(eb.val(now), "bigint").as("ended")])
        .where("user_id", "=", userId),
    )
    .execute();
}

/** Ids begin with 1. */
const noSession = 0;

interface Admission {
  readonly user?: User;
  /** Who must give a second factor too. */
  readonly asked?: User;
  readonly factor?: UsedFactor;
}

/** The account, if it may come in: what was checked before the transaction must still be so. */
async function admit(tx: Tx, { account, isPasswordRight, factor }: LoginAttempt): Promise<Admission> {
  if (account === undefined || !isPasswordRight || factor === "wrong") return {};
  const now = await findAccountById(tx, account.user.id);
  if (now === undefined || now.passwordHash !== account.passwordHash || !now.user.isActive) return {};
  const { user } = now;
  if (factor === "asked" || (factor === undefined && user.factorSince !== null)) return { asked: user };
  if (factor === undefined) return { user };
  return (await useFactor(tx, user.id, factor)) ? { user, factor } : {};
}

function loginFailed({ account, isClosed, factor }: LoginAttempt): EventDraft {
  const isKeptOut = isClosed === true && account?.user.isBreakGlass !== true;
  const details = {
    ...(isKeptOut && { reason: "password login is closed" }),
    ...(factor !== undefined && { operation: "second factor" }),
  };
  return loginFailure(account?.user, Object.keys(details).length > 0 ? details : undefined);
}

/** The event of a failed login of somebody, or of nobody who is known here. */
export function loginFailure(user: User | undefined, details?: EventExtras["details"]): EventDraft {
  const told = { outcome: "failure", ...(details !== undefined && { details }) } as const;
  // Whoever is logged in beside it is not the one who failed.
  if (user === undefined) return draftEvent("auth.login.failure", { username: null }, { ...told, as: "nobody" });
  const { username } = user;
  return draftEvent("auth.login.failure", { username }, { ...told, as: asUser(user), target: userTarget(user) });
}

function asUser({ id, username }: User): { readonly userId: number; readonly username: string } {
  return { userId: id, username };
}
