import type { Tx } from "../../audit/action.ts";

/** Clears away sessions of a source's people: one person's that have ended by themselves, or all where the source has changed. Returns how many. */
export async function deleteRealmSessions(
  tx: Tx,
  realm: string,
  of?: { readonly id: number; readonly createdTo: number },
): Promise<number> {
  const sessions = tx.deleteFrom("session").where("realm", "=", realm);
  const own =
    of === undefined ? sessions : sessions.where("realm_user_id", "=", of.id).where("created", "<=", of.createdTo);
  return Number((await own.executeTakeFirst()).numDeletedRows);
}

/** Takes back who accounts here are at a source. */
export async function deleteRealmIdentities(tx: Tx, realm: string): Promise<void> {
  await tx.deleteFrom("realm_identity").where("realm", "=", realm).execute();
}
