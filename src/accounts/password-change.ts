import type { Actor, ActingUser } from "../audit/actor.ts";
import type { Database } from "../database/database.ts";
import { invalidField, Refusal } from "../refusal.ts";
import type { LoginLimiter } from "./login-limiter.ts";
import { hashPassword, parsePassword, verifyPassword } from "./password.ts";
import { findAccountById } from "./user-queries.ts";

/**
 * Checks the old password and hashes the new one, as `changePassword` wants it.
 *
 * Refuses with `invalid` at the field that is wrong, `too_many_requests` after too many wrong old passwords.
 */
export async function preparePasswordChange(
  db: Database,
  limiter: LoginLimiter,
  { actor, user, now }: { readonly actor: Actor; readonly user: ActingUser; readonly now: number },
  given: { readonly oldPassword: string; readonly newPassword: string },
) {
  const newPassword = parsePassword(given.newPassword, "new_password");
  const admitted = limiter.admit(actor.origin.ip, user.username, Date.now());
  const account = await findAccountById(db, user.id);
  if (account === undefined) throw new Refusal("not_found", "This user was deleted.");
  if (!(await verifyPassword(given.oldPassword, account.passwordHash))) {
    admitted.failed();
    throw invalidField("old_password", "Your old password was entered incorrectly. Please enter it again.");
  }
  admitted.succeeded();
  return { userId: user.id, checkedHash: account.passwordHash, newHash: await hashPassword(newPassword), now };
}
