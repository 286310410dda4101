import type { Reader } from "../audit/action.ts";
import type { Database } from "../database/database.ts";
import { Refusal } from "../refusal.ts";
import { findTrustedSetting, getSetting } from "./queries.ts";

/** The setting that says whether people log in with passwords. */
export const passwordLoginSetting = "ironlog_password_login";

/** What people are told whose password doesn't count. The same for all: it tells nobody which account is a break-glass account. */
export const passwordLoginClosed =
  "Password login is closed: sign in through your organisation's provider. Only break-glass accounts have a password.";

/** Whether only break-glass accounts may log in with a password. A setting that was changed by SQL opens nothing. */
export async function isPasswordLoginClosed(db: Database): Promise<boolean> {
  const setting = await findTrustedSetting(db, passwordLoginSetting);
  return setting === "changed" || setting.value !== "on";
}

/** Refuses, at the end of an action, to leave no administrator who can sign in. */
export async function refuseLockout(tx: Reader): Promise<void> {
  if ((await getSetting(tx, passwordLoginSetting)) !== "off" || (await hasWayIn(tx))) return;
  throw new Refusal(
    "conflict",
    "With password login closed no administrator could sign in after this. Make an administrator's account with a password a break-glass account, or have an administrator sign in through an enabled provider first.",
  );
}

/** Whether an active administrator, other than `exceptId`, can sign in while password login is closed. */
export async function hasWayIn(tx: Reader, exceptId = 0): Promise<boolean> {
  const administrators = tx
    .selectFrom("user")
    .select("user.id")
    .where("user.is_superuser", "=", 1)
    .where("user.is_active", "=", 1)
    .where("user.id", "!=", exceptId);
  const breakGlass = await administrators
    .where("user.is_break_glass", "=", 1)
    .where("user.is_password_unset", "is", null)
    .limit(1)
    .executeTakeFirst();
  if (breakGlass !== undefined) return true;
  const known = await administrators
    .innerJoin("oidc_identity", "oidc_identity.user_id", "user.id")
    .innerJoin("oidc_provider", "oidc_provider.id", "oidc_identity.provider_id")
    .where("oidc_provider.is_enabled", "=", 1)
    // By what the provider was set to since: a login before that shows nothing of now.
    .whereRef("oidc_identity.last_login", ">", "oidc_provider.updated")
    .limit(1)
    .executeTakeFirst();
  return known !== undefined;
}
