import type { Reader } from "../../audit/action.ts";
import type { Database } from "../../database/database.ts";
import type { Factor } from "./factor.ts";
import { stepStart } from "./codes/totp.ts";

/** A user's second factors, oldest first. */
export async function listFactors(db: Database, userId: number): Promise<readonly Factor[]> {
  const devices = await db
    .selectFrom("totp_device")
    .leftJoin("totp_use", "totp_use.device_id", "totp_device.id")
    .select(["id", "uuid", "name", "created", "step"])
    .where("user_id", "=", userId)
    .execute();
  const passkeys = await db
    .selectFrom("passkey")
    .leftJoin("passkey_use", "passkey_use.passkey_id", "passkey.id")
    .select(["id", "uuid", "name", "created", "last_used"])
    .where("user_id", "=", userId)
    .execute();
  return [
    ...devices.map(({ step, ...one }) => ({
      ...one,
      kind: "totp" as const,
      lastUsed: step === null ? null : stepStart(step),
    })),
    ...passkeys.map(({ last_used: lastUsed, ...one }) => ({ ...one, kind: "passkey" as const, lastUsed })),
  ].toSorted((one, other) => one.created - other.created);
}

/** How many recovery codes of a user are left. */
export async function recoveryCodesLeft(db: Reader, userId: number): Promise<number> {
  const { left } = await db
    .selectFrom("recovery_code")
    .select(({ fn }) => fn.countAll<number>().as("left"))
    .where("user_id", "=", userId)
    .executeTakeFirstOrThrow();
  return left;
}

/** How many second factors a user has. */
export async function factorCount(db: Reader, userId: number): Promise<number> {
  let count = 0;
  for (const table of ["totp_device", "passkey"] as const) {
    const { found } = await db
      .selectFrom(table)
      .select(({ fn }) => fn.countAll<number>().as("found"))
      .where("user_id", "=", userId)
      .executeTakeFirstOrThrow();
    count += found;
  }
  return count;
}
