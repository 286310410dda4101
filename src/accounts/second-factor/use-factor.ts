import type { Tx } from "../../audit/action.ts";
import type { UsedFactor } from "./factor.ts";
import { recoveryCodesLeft } from "./factor-queries.ts";

/** Whether the factor that was given is still there, as a part of another action. A recovery code is gone by it. */
export async function useFactor(tx: Tx, userId: number, { kind, id }: UsedFactor): Promise<boolean> {
  if (kind === "recovery_code") {
    const gone = await tx
      .deleteFrom("recovery_code")
      .where("id", "=", id)
      .where("user_id", "=", userId)
      .executeTakeFirst();
    return gone.numDeletedRows === 1n;
  }
  const table = kind === "totp" ? "totp_device" : "passkey";
  const row = await tx
    .selectFrom(table)
    .select("id")
    .where("id", "=", id)
    .where("user_id", "=", userId)
    .executeTakeFirst();
  return row !== undefined;
}

/** What an event says of a factor that was used: which, its name, and of a recovery code how many are left. */
export type UsedDetails = Readonly<Record<string, string | number>>;

export async function usedDetails(tx: Tx, userId: number, { kind, name }: UsedFactor): Promise<UsedDetails> {
  if (kind !== "recovery_code") return { factor: kind, factor_name: name };
  return { factor: kind, recovery_codes_left: await recoveryCodesLeft(tx, userId) };
}
