import type { Tx } from "../../audit/action.ts";

/** Deletes all second factors and recovery codes of a user, as a part of another action. Returns how many factors there were. */
export async function deleteFactorsOf(tx: Tx, userId: number): Promise<number> {
  const devices = await tx.deleteFrom("totp_device").where("user_id", "=", userId).executeTakeFirst();
  const passkeys = await tx.deleteFrom("passkey").where("user_id", "=", userId).executeTakeFirst();
  await deleteRecoveryCodesOf(tx, userId);
  return Number(devices.numDeletedRows + passkeys.numDeletedRows);
}

export async function deleteRecoveryCodesOf(tx: Tx, userId: number): Promise<void> {
  await tx.deleteFrom("recovery_code").where("user_id", "=", userId).execute();
}
