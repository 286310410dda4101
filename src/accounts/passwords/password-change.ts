import type { Actor, ActingUser } from "../../audit/actor.ts";
import { findTrusted } from "../../audit/row-trust.ts";
import type { Database } from "../../database/database.ts";
import { invalidField, Refusal } from "../../refusal.ts";
import { isPasswordLoginClosed, passwordLoginClosed } from "../../settings/password-login.ts";
import { parsePassword } from "./password.ts";
import type { LoginServices } from "../services.ts";
import type { PasswordChange } from "../users/user-actions.ts";
import { findTrustedAccountById } from "../sessions/login.ts";
import type { Account } from "../users/user-queries.ts";

/**
 * Checks the old password and hashes the new one, as `changePassword` wants it.
 *
 * Refuses with `conflict` where password login is closed, `invalid` at a new password that is none, `too_many_requests` after too many wrong old ones. A wrong old
 * password is the action's to record, unless the log has had its share of failures: then it is refused here.
 */
export async function preparePasswordChange(
  db: Database,
  { limiter, passwords }: LoginServices,
  { actor, user, now }: { readonly actor: Actor; readonly user: ActingUser; readonly now: number },
  given: { readonly oldPassword: string; readonly newPassword: string; readonly endTokens: boolean },
): Promise<PasswordChange> {
  const newPassword = parsePassword(given.newPassword, "new_password");
  if (!(await mayChange(db, user.id))) throw new Refusal("conflict", passwordLoginClosed);
  const { account, outcome } = await checkOwnPassword(db, { limiter, passwords }, { actor, user }, given.oldPassword);
  if (outcome === "unrecorded") throw wrongOldPassword();
  const change = { userId: user.id, checkedHash: account.passwordHash, endTokens: given.endTokens, now };
  return { ...change, newHash: outcome === "right" ? await passwords.hash(newPassword) : undefined };
}

/**
 * Checks the password of somebody who is logged in; `unrecorded` where it is wrong and the log has had its share of failures.
 *
 * Refuses with `too_many_requests` after too many wrong ones.
 */
export async function checkOwnPassword(
  db: Database,
  { limiter, passwords }: LoginServices,
  { actor, user }: { readonly actor: Actor; readonly user: ActingUser },
  password: string,
): Promise<{ readonly account: Account; readonly outcome: "right" | "wrong" | "unrecorded" }> {
  const { ip } = actor.origin;
  const nowMs = Date.now();
  const isKnown = await limiter.isKnown(db, ip, nowMs);
  const admitted = limiter.admit(ip, user.username, nowMs, { account: user.username, isKnown });
  let account: Account;
  let isRight: boolean;
  try {
    await admitted.turn();
    account = await getOwnAccount(db, user.id);
    // Logged in already, so no stranger in the queue.
    isRight = await passwords.verify(password, account.passwordHash, `user ${user.id}`);
  } catch (error) {
    // Nothing was learnt by it, so it doesn't count.
    admitted.succeeded();
    throw error;
  }
  if (!isRight) return { account, outcome: admitted.failed() ? "wrong" : "unrecorded" };
  admitted.succeeded();
  return { account, outcome: "right" };
}

/** Where password login is closed, a password opens only a break-glass account. */
async function mayChange(db: Database, userId: number): Promise<boolean> {
  return !(await isPasswordLoginClosed(db)) || (await findTrusted(db, "user", userId))?.["is_break_glass"] === 1;
}

/** The account of whoever is logged in. Refuses with `not_found` where it has gone, or was changed by SQL. */
export async function getOwnAccount(db: Database, userId: number): Promise<Account> {
  const account = await findTrustedAccountById(db, userId);
  if (account === undefined) throw new Refusal("not_found", "This user was deleted.");
  return account;
}

/** What MAAS says to a wrong old password. */
export function wrongOldPassword(): Refusal {
  return invalidField("old_password", "Your old password was entered incorrectly. Please enter it again.");
}
