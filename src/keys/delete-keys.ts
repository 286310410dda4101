import type { Tx } from "../audit/action.ts";

/** Deletes every key of a user who is about to be deleted. Returns how many there were. */
export async function deleteKeysOf(tx: Tx, userId: number): Promise<number> {
  const ssh = await tx.deleteFrom("ssh_key").where("user_id", "=", userId).executeTakeFirst();
  const ssl = await tx.deleteFrom("ssl_key").where("user_id", "=", userId).executeTakeFirst();
  return Number(ssh.numDeletedRows + ssl.numDeletedRows);
}
