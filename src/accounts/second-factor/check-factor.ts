import type { Actor } from "../../audit/actor.ts";
import { findTrusted } from "../../audit/row-trust.ts";
import type { Database } from "../../database/database.ts";
import { keepBooks } from "../../database/writing/bookkeeping.ts";
import { Refusal } from "../../refusal.ts";
import type { AccountServices } from "../services.ts";
import type { UsedFactor } from "./factor.ts";
import { findUsedPasskey } from "./passkeys/passkey.ts";
import { hashRecoveryCode, isRecoveryCode } from "./codes/recovery-code.ts";
import type { RelyingParty } from "./passkeys/relying-party.ts";
import { findStep } from "./codes/totp.ts";
import { imageOf } from "../../verifiable-log/row-digest.ts";

/** What checks second factors: what opens their secrets, and how often somebody may try. */
export type FactorServices = Pick<AccountServices, "limiter" | "codes" | "secrets">;

/** What was given: what an app shows or a recovery code, or what a passkey has signed. */
export type GivenFactor =
  | { readonly code: string }
  | { readonly passkey: object; readonly party: RelyingParty | undefined; readonly challenge: string };

interface Tried {
  readonly user: { readonly id: number; readonly username: string };
  readonly actor: Actor;
  readonly now: number;
}

/**
 * The factor of the user that was given; `wrong` if it is none, `unrecorded` where the log has had its share of failures.
 *
 * Refuses with `too_many_requests` where the limiters do, and with `secrets_key` a code of an app whose secret no key opens. A code of an app counts once, whatever becomes of the request.
 */
export async function checkFactor(
  db: Database,
  services: FactorServices,
  { user, actor, now }: Tried,
  given: GivenFactor,
): Promise<UsedFactor | "wrong" | "unrecorded"> {
  const { ip } = actor.origin;
  const nowMs = now / 1000;
  const isKnown = await services.limiter.isKnown(db, ip, nowMs);
  const admitted = services.limiter.admit(ip, user.username, nowMs, { account: user.username, isKnown });
  let used: UsedFactor | undefined;
  try {
    await admitted.turn();
    used = await findUsed(db, services, { user, actor, now }, given);
  } catch (error) {
    // Nothing was learnt by it, so it doesn't count.
    admitted.succeeded();
    throw error;
  }
  if (used === undefined) return admitted.failed() ? "wrong" : "unrecorded";
  admitted.succeeded();
  return used;
}

async function findUsed(
  db: Database,
  services: FactorServices,
  { user, actor, now }: Tried,
  given: GivenFactor,
): Promise<UsedFactor | undefined> {
  if ("passkey" in given) {
    const { party, passkey, challenge } = given;
    return party && findUsedPasskey(db, user.id, passkey, { party, challenge, now });
  }
  const code = given.code.replaceAll(/\s/g, "");
  if (isRecoveryCode(code)) return findUsedRecoveryCode(db, user.id, code);
  if (!/^\d{6}$/.test(code)) return undefined;
  const takeBack = services.codes.take(user, actor.origin.ip, now / 1000);
  const used = await findUsedDevice(db, services, user.id, code, now);
  if (used !== undefined) takeBack();
  return used;
}

async function findUsedRecoveryCode(db: Database, userId: number, code: string): Promise<UsedFactor | undefined> {
  const codeHash = hashRecoveryCode(userId, code);
  const row = await db
    .selectFrom("recovery_code")
    .select("id")
    .where("user_id", "=", userId)
    .where("code_hash", "=", codeHash)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const known = imageOf({ user_id: userId, code_hash: codeHash });
  const trusted = await findTrusted(db, "recovery_code", row.id, known);
  return trusted ? { kind: "recovery_code", id: row.id, name: "" } : undefined;
}

async function findUsedDevice(
  db: Database,
  { secrets }: FactorServices,
  userId: number,
  code: string,
  now: number,
): Promise<UsedFactor | undefined> {
  let isAnyOpened = false;
  let isAnyLost = false;
  const devices = await db.selectFrom("totp_device").selectAll().where("user_id", "=", userId).execute();
  for (const { id, uuid, name, secret } of devices) {
    const known = imageOf({ uuid, user_id: userId, secret });
    const trusted = await findTrusted(db, "totp_device", id, known);
    if (trusted === null || trusted === undefined) continue;
    const clear = secrets().open({ table: "totp_device", row: uuid, column: "secret" }, secret);
    if (clear === undefined) {
      isAnyLost = true;
      continue;
    }
    isAnyOpened = true;
    const step = findStep(Buffer.from(clear, "base64"), code, now / 1000);
    if (step !== undefined && (await isFirstUse(db, id, step))) return { kind: "totp", id, name };
  }
  // No code can be right here, whatever is typed.
  if (isAnyLost && !isAnyOpened)
    throw new Refusal(
      "secrets_key",
      "This server has lost the secret of your app: use a recovery code or a passkey, and set the app up again.",
    );
  return undefined;
}

/** Takes the time step: no code is taken twice, nor one that is older than the last (RFC 6238 section 5.2). */
export async function isFirstUse(db: Database, deviceId: number, step: number): Promise<boolean> {
  return keepBooks(db, async (tx) => {
    const taken = await tx
      .insertInto("totp_use")
      .values({ device_id: deviceId, step })
      .onConflict((conflict) => conflict.column("device_id").doUpdateSet({ step }).where("totp_use.step", "<", step))
      .executeTakeFirst();
    return taken.numInsertedOrUpdatedRows === 1n;
  });
}
