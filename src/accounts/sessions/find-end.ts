import { readsAll } from "../../audit/actor.ts";
import type { Database } from "../../database/database.ts";
import type { Caller } from "../../http/authentication/caller.ts";
import type { EndReason } from "../../http/native/end-reason.ts";
import { findDeletedToken, findTokenHolder } from "../../tokens/queries.ts";
import { factorDue, trustedFactorPolicy } from "../second-factor/factor-policy.ts";
import { getSetting } from "../../settings/queries.ts";
import { findAccountById } from "../users/user-queries.ts";
import { sessionLifetimes } from "./session-lifetimes.ts";
import { findSession } from "./session-queries.ts";

/**
 * Says why a caller who was let in would not be let in now, or would see less; undefined while nothing has changed.
 *
 * Looking is no use of a session: one that does nothing but wait comes to its end.
 */
export async function findEnd(
  db: Database,
  { actor, credentials }: Caller,
  now: number,
): Promise<EndReason | undefined> {
  if (credentials.kind === "none") return undefined;
  if (actor.mirrored !== undefined) {
    const person = await ("ask" in credentials ? credentials.ask?.() : undefined);
    if (person === undefined) return credentials.kind === "session" ? "session_ended" : "token_ended";
    return actor.mirrored.readsRealm && !person.readsRealm ? "demoted" : undefined;
  }
  if (credentials.kind === "mirrored") return "token_ended";
  if (credentials.kind === "session") {
    const open = await findSession(db, credentials.sessionId, now, await sessionLifetimes(db));
    if (open === undefined) return "session_ended";
    if (credentials.factor.at === null && (await isFactorOverdue(db, open.session.userId, now))) return "session_ended";
    return readsAll(actor.user) && !readsAll(open) ? "demoted" : undefined;
  }
  const holder = await findTokenHolder(db, credentials.tokenKey);
  if (holder === undefined) {
    const deleted = await findDeletedToken(db, credentials.tokenKey);
    return deleted?.isUserDeactivated === true ? "user_deactivated" : "token_ended";
  }
  if (holder.expires !== null && holder.expires <= now) return "token_ended";
  if (!holder.isActive) return "user_deactivated";
  return readsAll(actor.user) && !readsAll(holder) ? "demoted" : undefined;
}

/** Whether a session without a second factor would by now be good for setting one up alone. */
async function isFactorOverdue(db: Database, userId: number, now: number): Promise<boolean> {
  // Asked with each event of a stream, and mostly off.
  if ((await getSetting(db, "ironlog_second_factor")) === "off") return false;
  const account = await findAccountById(db, userId);
  if (account === undefined || account.user.factorSince !== null) return false;
  const due = factorDue(await trustedFactorPolicy(db), account.user);
  return due !== null && due <= now;
}
