import type { Actor } from "../../audit/actor.ts";
import { actingUser } from "../../http/authentication/acting-user.ts";
import type { Credentials } from "../../http/authentication/credentials.ts";
import { hasFreshFactor } from "../../http/authentication/session-factor.ts";
import type { Database } from "../../database/database.ts";
import { invalidField, Refusal } from "../../refusal.ts";
import { checkOwnPassword, getOwnAccount } from "../passwords/password-change.ts";
import type { AccountServices } from "../services.ts";
import type { Account } from "../users/user-queries.ts";
import { checkFactor, type GivenFactor } from "./check-factor.ts";
import type { ShownAgain } from "./factor-actions.ts";
import { uselessCode, wrongFactor } from "./login-factor.ts";

/** A call of somebody who is logged in, as far as it matters here. */
export interface Asking {
  readonly db: Database;
  readonly actor: Actor;
  readonly credentials: Credentials;
  readonly now: number;
}

/**
 * How whoever is logged in shows that it is still them, before their factors change: a second factor that was given lately or is given
 * now, or the password where there is none. For a thief of a session, or of an API key, neither is enough.
 *
 * Refuses with `factor_needed` where a factor has to be given, with `invalid` where the password has to be.
 */
export async function showAgain(
  services: AccountServices,
  { db, actor, credentials, now }: Asking,
  given: { readonly password?: string; readonly code?: string },
): Promise<{ readonly account: Account; readonly shown: ShownAgain }> {
  const user = actingUser(actor);
  const account = await getOwnAccount(db, user.id);
  const hasFactor = account.user.factorSince !== null;
  const { code, password } = given;
  if (code !== undefined) {
    if (!hasFactor) throw uselessCode();
    return { account, shown: await showFactor(services, { db, actor, now }, { code }) };
  }
  const isFresh = credentials.kind === "session" && credentials.factor.at !== null && hasFreshFactor(credentials, now);
  if (password === undefined && isFresh) return { account, shown: { userId: user.id, by: "password" } };
  if (hasFactor) throw new Refusal("factor_needed", "Give your second factor: a code, or first in this session.");
  if (password === undefined) throw invalidField("password", "Give your password again.");
  const { outcome } = await checkOwnPassword(db, services, { actor, user }, password);
  if (outcome === "unrecorded") throw wrongPassword();
  return { account, shown: { userId: user.id, by: outcome === "right" ? "password" : "wrong" } };
}

/** The same by a factor that is given now. */
export async function showFactor(
  services: AccountServices,
  { db, actor, now }: Omit<Asking, "credentials">,
  given: GivenFactor,
): Promise<ShownAgain> {
  const user = actingUser(actor);
  const by = await checkFactor(db, services, { user, actor, now }, given);
  if (by === "unrecorded") throw wrongFactor();
  return { userId: user.id, by };
}

/** The refusal of what was given, once it is recorded. */
export function notShownRefusal(given: { readonly code?: string }): Refusal {
  return given.code === undefined ? wrongPassword() : invalidField("code", wrongFactor().message);
}

function wrongPassword(): Refusal {
  return invalidField("password", "Your password was entered incorrectly. Please enter it again.");
}
