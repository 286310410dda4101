import type { Tx } from "./action.ts";
import type { Actor, Credential } from "./actor.ts";

/**
 * The actor as the events of an action may name them: without a session or an API key that has ended since the request was let in.
 *
 * Read under the log's lock, where nothing can end it before the action has. An event that names one that has ended is a forged one
 * to every verification.
 */
export async function withoutEndedCredential(tx: Tx, actor: Actor): Promise<Actor> {
  const { credential, ...others } = actor;
  if (credential === undefined || (await exists(tx, credential))) return actor;
  return { ...others, hasCredentialEnded: true };
}

async function exists(tx: Tx, credential: Credential): Promise<boolean> {
  const row =
    credential.kind === "session"
      ? await tx.selectFrom("session").select("id").where("id", "=", credential.id).executeTakeFirst()
      : await tx.selectFrom("token").select("id").where("token_key", "=", credential.tokenKey).executeTakeFirst();
  return row !== undefined;
}
