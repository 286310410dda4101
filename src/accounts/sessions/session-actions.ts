import { defineAction, type Tx } from "../../audit/action.ts";
import { type EventDraft, type EventExtras, draftEvent } from "../../audit/event-draft.ts";
import type { BookkeepingTables } from "../../database/tables.ts";
import type { UnrecordedCount } from "../../http/authentication/unrecorded.ts";
import { Refusal } from "../../refusal.ts";
import { insertToken, type NewToken, tokenCreated } from "../../tokens/actions.ts";
import type { PasswordHash } from "../passwords/password.ts";
import { sessionLifetimes } from "./session-lifetimes.ts";
import { sessionFingerprint } from "./session.ts";
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

/** Logs in, or records that it failed: both are acts, and the result says which. */
export const logIn = defineAction({
  async run(tx, { attempt, session }: { attempt: LoginAttempt; session: NewSession }) {
    const user = await admit(tx, attempt);
    if (user === undefined) return { user: undefined };
    if (session.rehashed !== undefined) {
      await tx.updateTable("user").set({ password_hash: session.rehashed }).where("id", "=", user.id).execute();
    }
    return { user, sessionId: await openUserSession(tx, user.id, session) };
  },
  events({ user }, { attempt, session }) {
    if (user === undefined) return [loginFailed(attempt)];
    return user.isBreakGlass ? [loggedIn(user, session), brokeGlass(user)] : [loggedIn(user, session)];
  },
});

/** Opens a session as a part of another action. */
export async function openUserSession(tx: Tx, userId: number, session: NewSession): Promise<number> {
  await tx.deleteFrom("session").where("user_id", "=", userId).where("created", "<=", session.endedBefore).execute();
  const { id } = await tx
    .insertInto("session")
    .values({
      user_id: userId,
      token_hash: session.tokenHash,
      created: session.now,
      ip: session.ip,
      user_agent: session.userAgent,
      identity_id: session.identity?.id ?? null,
      provider_session: session.identity?.providerSession ?? null,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

/** The event of a login; `details` say how, where it wasn't by a password. */
export function loggedIn(user: User, { tokenHash }: NewSession, details?: EventExtras["details"]): EventDraft {
  const extras = { as: asUser(user), target: userTarget(user), session: sessionFingerprint(tokenHash) };
  return draftEvent(
    "auth.login",
    { username: user.username },
    { ...extras, ...(details !== undefined && { details }) },
  );
}

/** An alarm, and so a failure: such an account is for the day on which nothing else works. */
function brokeGlass(user: User): EventDraft {
  const extras = { outcome: "failure", as: asUser(user), target: userTarget(user) } as const;
  return draftEvent("auth.break_glass", { username: user.username }, extras);
}

/** Makes an API token for a name and a password, without a session: MAAS's `accounts/authenticate/`. */
export const authenticate = defineAction({
  async run(tx, { attempt, token }: { attempt: LoginAttempt; token: Omit<NewToken, "userId"> }) {
    const user = await admit(tx, attempt);
    if (user === undefined) return { user: undefined };
    return { user, token: await insertToken(tx, { ...token, userId: user.id }) };
  },
  events: (result, { attempt }) => [
    result.user === undefined ? loginFailed(attempt) : tokenCreated(result.token, { as: asUser(result.user) }),
  ],
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
    if (sessionId === undefined) return { user, ended: await deleteSessionsOf(tx, user.id, now, exceptId) };
    const gone = await tx
      .deleteFrom("session")
      .where("id", "=", sessionId)
      .where("user_id", "=", user.id)
      .executeTakeFirst();
    if (gone.numDeletedRows === 0n) throw new Refusal("not_found", `There is no session ${sessionId}.`);
    return { user, ended: 1 };
  },
  events: ({ user, ended }) => [
    draftEvent(
      "session.end",
      { username: user.username, ended },
      { target: userTarget(user), details: { sessions_ended: ended } },
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

/** The account, if it may come in: what was checked before the transaction must still be so. */
async function admit(tx: Tx, { account, isPasswordRight }: LoginAttempt): Promise<User | undefined> {
  if (account === undefined || !isPasswordRight) return undefined;
  const now = await findAccountById(tx, account.user.id);
  return now !== undefined && now.passwordHash === account.passwordHash && now.user.isActive ? now.user : undefined;
}

function loginFailed({ account, isClosed }: LoginAttempt): EventDraft {
  const details = { reason: "password login is closed" };
  return loginFailure(account?.user, isClosed === true && account?.user.isBreakGlass !== true ? details : undefined);
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
