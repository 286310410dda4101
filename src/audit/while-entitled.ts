import { Refusal } from "../refusal.ts";
import type { Action, Tx } from "./action.ts";
import type { Actor } from "./actor.ts";

/**
 * The same action, refused if its user has been deleted, deactivated or demoted since the request was let in, or if the
 * session has ended or the API key been deleted that let it in.
 *
 * Checked under the log's lock, where nobody can change it any more. Whoever acts without a user is let through.
 */
export function whileEntitled<Input, Result>(action: Action<Input, Result>): Action<Input, Result> {
  return {
    async run(tx, input, actor, firstEventId) {
      await refuseUnlessEntitled(tx, actor);
      return action.run(tx, input, actor, firstEventId);
    },
    events: action.events,
  };
}

async function refuseUnlessEntitled(tx: Tx, { user, hasCredentialEnded }: Actor): Promise<void> {
  if (hasCredentialEnded === true) {
    throw new Refusal("unauthenticated", "This session or API key was ended in the meantime. Nothing was changed.");
  }
  if (user === null) return;
  const now = await tx
    .selectFrom("user")
    .select(["is_active", "is_superuser"])
    .where("id", "=", user.id)
    .executeTakeFirst();
  if (now === undefined || now.is_active === 0) {
    throw new Refusal("unauthenticated", "This user was deleted or deactivated in the meantime. Nothing was changed.");
  }
  if (user.isSuperuser && now.is_superuser === 0) {
    throw new Refusal("forbidden", "This user is no longer an administrator. Nothing was changed.");
  }
}
