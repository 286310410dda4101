import type { Tx } from "../../audit/action.ts";

/** Clears away sessions of a source's people: one person's that have ended by themselves, or all where the source has changed. */
export async function deleteRealmSessions(
  tx: Tx,
  realm: string,
  of?: { readonly id: number; readonly createdTo: number },
): Promise<void> {
  const sessions = tx.deleteFrom("session").where("realm", "=", realm);
  if (of === undefined) await sessions.execute();
  else await sessions.where("realm_user_id", "=", of.id).where("created", "<=", of.createdTo).execute();
}
