import type { Tx } from "../../audit/action.ts";
import { type EventDraft, type EventExtras, draftEvent } from "../../audit/event-draft.ts";
import { roleName } from "../../audit/kind-words.ts";
import { invalidField, Refusal } from "../../refusal.ts";
import { deleteReportingTokensOf, deleteTokensOf } from "../../tokens/actions.ts";
import type { PasswordHash } from "../passwords/password.ts";
import { deleteSessionsOf } from "../sessions/session-actions.ts";
import type { UserChange } from "./user-change-events.ts";
import { findAccount } from "./user-queries.ts";
import { userTarget } from "./user-target.ts";
import { emailKey, type User } from "./user.ts";

// What actions, also those of other slices, do to the rows of users.

export interface NewUser {
  readonly username: string;
  readonly email: string;
  readonly lastName: string;
  readonly isSuperuser: boolean;
  readonly isAuditor?: boolean;
  readonly isBreakGlass?: boolean;
  /** False where the hash is of a password that nobody knows. */
  readonly hasPassword?: boolean;
  readonly passwordHash: PasswordHash;
  /** Microseconds. */
  readonly now: number;
}

/** What to change of a user; what is left out stays. */
export interface UserChanges {
  readonly email?: string;
  readonly lastName?: string;
  readonly isSuperuser?: boolean;
  readonly isAuditor?: boolean;
  readonly isBreakGlass?: boolean;
  readonly isActive?: boolean;
}

/** Changes a user as a part of another action. Refuses to leave no active administrator. */
export async function changeUser(tx: Tx, before: User, changes: UserChanges, now: number): Promise<UserChange> {
  const after = changed(before, changes);
  if (after.email !== before.email) await refuseTakenEmail(tx, after.email, before.id);
  if (isActiveAdministrator(before) && !isActiveAdministrator(after)) await refuseLastAdministrator(tx, before);
  await tx
    .updateTable("user")
    .set({
      email: after.email,
      email_key: emailKey(after.email),
      last_name: after.lastName,
      is_superuser: Number(after.isSuperuser),
      is_auditor: after.isAuditor ? 1 : null,
      is_break_glass: after.isBreakGlass ? 1 : null,
      is_active: Number(after.isActive),
      updated: now,
      role_since: roleName(after) === roleName(before) ? before.roleSince : now,
    })
    .where("id", "=", before.id)
    .execute();
  const isDemoted = before.isSuperuser && !after.isSuperuser;
  const reportingTokens = isDemoted ? await deleteReportingTokensOf(tx, before, now) : 0;
  const isDeactivated = before.isActive && !after.isActive;
  const sessionsEnded = isDeactivated ? await deleteSessionsOf(tx, before.id, now) : 0;
  // Also at activation: none may come back that an older version left, or that was made meanwhile.
  const tokens = before.isActive === after.isActive ? [] : await deleteTokensOf(tx, before, now);
  return { before, after, sessionsEnded, reportingTokens, tokens };
}

/** An administrator is no auditor any more, unless somebody wants both. */
function changed(before: User, changes: UserChanges): User {
  const isMade = changes.isSuperuser === true && changes.isAuditor !== true;
  const after = { ...before, ...changes, ...(isMade && { isAuditor: false }) };
  refuseTwoRoles(after);
  if (after.isBreakGlass && !after.isSuperuser) {
    if (changes.isBreakGlass !== true && changes.isSuperuser === false) return { ...after, isBreakGlass: false };
    throw invalidField("is_break_glass", "Only an administrator's account can be a break-glass account.");
  }
  return after;
}

function refuseTwoRoles({ isSuperuser, isAuditor = false }: Pick<NewUser, "isSuperuser" | "isAuditor">): void {
  if (!isSuperuser || !isAuditor) return;
  throw invalidField("is_auditor", "An administrator reads everything: give is_superuser or is_auditor, not both.");
}

/** Makes a user as a part of another action. Refuses a name or an address that somebody has. */
export async function insertUser(tx: Tx, user: NewUser): Promise<User> {
  refuseTwoRoles(user);
  if ((await findAccount(tx, user.username)) !== undefined) {
    const message = "A user with that username already exists.";
    throw new Refusal("conflict", message, { fields: { username: [message] } });
  }
  await refuseTakenEmail(tx, user.email, undefined);
  const { id } = await tx
    .insertInto("user")
    .values({
      username: user.username,
      last_name: user.lastName,
      email: user.email,
      email_key: emailKey(user.email),
      password_hash: user.passwordHash,
      is_superuser: Number(user.isSuperuser),
      is_auditor: user.isAuditor === true ? 1 : null,
      is_break_glass: user.isBreakGlass === true ? 1 : null,
      is_password_unset: user.hasPassword === false ? 1 : null,
      is_active: 1,
      created: user.now,
      updated: user.now,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  const { username, email, lastName, isSuperuser, isAuditor = false, isBreakGlass = false, hasPassword = true } = user;
  const state = { isActive: true, created: user.now, factorSince: null, roleSince: null };
  return { id, username, email, lastName, isSuperuser, isAuditor, isBreakGlass, hasPassword, ...state };
}

/** The event of a new user. */
export function userCreated(user: User, extras: Pick<EventExtras, "as"> = {}): EventDraft {
  return draftEvent("user.create", user, {
    ...extras,
    target: userTarget(user),
    details: {
      email: user.email,
      last_name: user.lastName,
      is_superuser: user.isSuperuser,
      ...(user.isAuditor && { is_auditor: true }),
      ...(user.isBreakGlass && { is_break_glass: true }),
    },
  });
}

async function refuseTakenEmail(tx: Tx, email: string, except: number | undefined): Promise<void> {
  if (!(await isTakenEmail(tx, email, except))) return;
  const message = "User with this E-mail address already exists.";
  throw new Refusal("conflict", message, { fields: { email: [message] } });
}

/** Whether somebody, but for the user that may be named, has an address. */
export async function isTakenEmail(tx: Tx, email: string, except?: number): Promise<boolean> {
  const key = emailKey(email);
  if (key === null) return false;
  const taken = await tx.selectFrom("user").select("id").where("email_key", "=", key).executeTakeFirst();
  return taken !== undefined && taken.id !== except;
}

/** Whether somebody counts as one of the administrators of whom there is always one. */
export function isActiveAdministrator(user: User): boolean {
  return user.isSuperuser && user.isActive;
}

/** Actions are serial between all servers, so no two can each take away the other's last administrator. */
export async function refuseLastAdministrator(tx: Tx, user: User): Promise<void> {
  if (!(await isLastAdministrator(tx, user))) return;
  throw new Refusal(
    "conflict",
    `'${user.username}' is the last active administrator: make somebody else administrator first.`,
  );
}

/** Whether no other administrator is active. */
export async function isLastAdministrator(tx: Tx, user: Pick<User, "id">): Promise<boolean> {
  const other = await tx
    .selectFrom("user")
    .select("id")
    .where("is_superuser", "=", 1)
    .where("is_active", "=", 1)
    .where("id", "!=", user.id)
    .limit(1)
    .executeTakeFirst();
  return other === undefined;
}
