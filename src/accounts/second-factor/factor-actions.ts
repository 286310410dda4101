import { defineAction, type Tx } from "../../audit/action.ts";
import { draftEvent, type EventDraft } from "../../audit/event-draft.ts";
import { Refusal } from "../../refusal.ts";
import { deleteSessionsOf } from "../sessions/session-actions.ts";
import { findAccount, findAccountById, noSuchUser } from "../users/user-queries.ts";
import { userTarget } from "../users/user-target.ts";
import type { User } from "../users/user.ts";
import { deleteFactorsOf, deleteRecoveryCodesOf } from "./delete-factors.ts";
import { type Factor, factorsMax, type UsedFactor } from "./factor.ts";
import { factorCount } from "./factor-queries.ts";
import type { NewPasskey } from "./passkeys/passkey.ts";
import { type UsedDetails, usedDetails, useFactor } from "./use-factor.ts";

/** Somebody who is logged in shows that it is still them. */
export interface ShownAgain {
  readonly userId: number;
  /** A factor that was given for it; `password` where that or the session itself is enough; `wrong` if what was given is not right. */
  readonly by: UsedFactor | "password" | "wrong";
}

/** Begins to set a second factor up: nothing is changed, but who asks for it has shown that it is them. Or records that they haven't. */
export const beginFactor = defineAction({
  run: async (tx, shown: ShownAgain) => checkShown(tx, shown),
  events: ({ user, isShown, used }) => [
    isShown
      ? draftEvent("user.factor.begin", { username: user.username }, { target: userTarget(user), details: used })
      : notShown(user),
  ],
});

/** A session's second factor was given again. Or it is recorded that it wasn't right. */
export const renewFactor = defineAction({
  async run(tx, { sessionId, now, ...shown }: ShownAgain & { readonly sessionId: number; readonly now: number }) {
    const result = await checkShown(tx, shown);
    if (result.isShown) await vouchFor(tx, sessionId, now);
    return result;
  },
  events: ({ user, isShown, used }) => [
    isShown
      ? draftEvent("auth.factor.renew", { username: user.username }, { target: userTarget(user), details: used })
      : notShown(user),
  ],
});

export interface NewFactor {
  readonly userId: number;
  /** Whether the user had one when this was begun: who has one shows that, and not the password alone. */
  readonly wasSetUp: boolean;
  readonly uuid: string;
  readonly name: string;
  /** A sealed secret of an app, or a passkey. */
  readonly made: { readonly secret: Uint8Array } | NewPasskey;
  /** Stored with the first factor alone. */
  readonly codeHashes: readonly Uint8Array[];
  /** The session that has added it. */
  readonly sessionId: number | undefined;
  readonly now: number;
}

/** Adds a factor. The first one brings recovery codes, and ends the user's other sessions: none of them has shown a factor. */
export const addFactor = defineAction({
  async run(tx, added: NewFactor) {
    const { userId, wasSetUp, codeHashes, sessionId, now } = added;
    const user = await getUserById(tx, userId);
    const isFirst = user.factorSince === null;
    if (isFirst === wasSetUp) throw new Refusal("conflict", "Your second factors were changed meanwhile: begin again.");
    if ((await factorCount(tx, userId)) >= factorsMax) {
      throw new Refusal("conflict", `You have ${factorsMax} second factors: remove one first.`);
    }
    const id = await insertFactor(tx, added);
    let sessionsEnded = 0;
    if (isFirst) {
      await tx.updateTable("user").set({ factor_since: now, updated: now }).where("id", "=", userId).execute();
      await insertRecoveryCodes(tx, userId, codeHashes);
      sessionsEnded = await deleteSessionsOf(tx, userId, now, sessionId);
    }
    if (sessionId !== undefined) await vouchFor(tx, sessionId, now);
    return { user, id, isFirst, sessionsEnded };
  },
  events: ({ user, isFirst, sessionsEnded }, { name, made, codeHashes }) => {
    const kind = "secret" in made ? "totp" : "passkey";
    const details = { factor: kind, ...(isFirst && { sessions_ended: sessionsEnded }) };
    const added = draftEvent(
      "user.factor.add",
      { username: user.username, name },
      { target: userTarget(user), details },
    );
    return isFirst ? [added, codesMade(user, codeHashes)] : [added];
  },
});

/** Removes one of a user's factors. With the last one the recovery codes go. */
export const removeFactor = defineAction({
  async run(tx, { factor, isNeeded, now, ...shown }: ShownAgain & { factor: Factor; isNeeded: boolean; now: number }) {
    const result = await checkShown(tx, shown);
    if (!result.isShown) return result;
    const table = factor.kind === "totp" ? "totp_device" : "passkey";
    const gone = await tx
      .deleteFrom(table)
      .where("id", "=", factor.id)
      .where("user_id", "=", shown.userId)
      .executeTakeFirst();
    if (gone.numDeletedRows === 0n) throw new Refusal("not_found", `There is no second factor ${factor.uuid}.`);
    if ((await factorCount(tx, shown.userId)) > 0) return result;
    if (isNeeded) throw new Refusal("conflict", "This server asks you for a second factor: add another one first.");
    await deleteRecoveryCodesOf(tx, shown.userId);
    await forgetFactors(tx, shown.userId, now);
    return result;
  },
  events: ({ user, isShown, used }, { factor: { kind, name } }) => [
    isShown
      ? draftEvent(
          "user.factor.remove",
          { username: user.username, name },
          { target: userTarget(user), details: { ...used, removed: kind } },
        )
      : notShown(user),
  ],
});

/** Makes new recovery codes: the old ones are void. */
export const renewRecoveryCodes = defineAction({
  async run(tx, { codeHashes, ...shown }: ShownAgain & { readonly codeHashes: readonly Uint8Array[] }) {
    const result = await checkShown(tx, shown);
    if (!result.isShown) return result;
    if (result.user.factorSince === null) throw noFactor();
    await deleteRecoveryCodesOf(tx, shown.userId);
    await insertRecoveryCodes(tx, shown.userId, codeHashes);
    return result;
  },
  events: ({ user, isShown }, { codeHashes }) => [isShown ? codesMade(user, codeHashes) : notShown(user)],
});

/** Removes all of somebody's factors, for one who has lost them, and ends their sessions. */
export const resetFactors = defineAction({
  async run(tx, { username, now }: { readonly username: string; readonly now: number }) {
    const account = await findAccount(tx, username);
    if (account === undefined) throw noSuchUser(username);
    const { user } = account;
    const removed = await deleteFactorsOf(tx, user.id);
    // Rows that somebody has left there by SQL go as well.
    if (user.factorSince === null && removed === 0) {
      throw new Refusal("conflict", `'${username}' has no second factor.`);
    }
    const sessionsEnded = await deleteSessionsOf(tx, user.id, now);
    await forgetFactors(tx, user.id, now);
    return { user, removed, sessionsEnded };
  },
  events: ({ user, removed, sessionsEnded }) => [
    draftEvent(
      "user.factor.reset",
      { username: user.username },
      { target: userTarget(user), details: { factors_removed: removed, sessions_ended: sessionsEnded } },
    ),
  ],
});

/** What is said to those who have no factor that could be given. */
export function noFactor(): Refusal {
  return new Refusal("conflict", "You have no second factor: set one up first.");
}

async function checkShown(
  tx: Tx,
  { userId, by }: ShownAgain,
): Promise<{ readonly user: User; readonly isShown: boolean; readonly used: UsedDetails }> {
  const user = await getUserById(tx, userId);
  if (by === "password") return { user, isShown: true, used: {} };
  if (by === "wrong" || !(await useFactor(tx, userId, by))) return { user, isShown: false, used: {} };
  return { user, isShown: true, used: await usedDetails(tx, userId, by) };
}

async function getUserById(tx: Tx, userId: number): Promise<User> {
  const account = await findAccountById(tx, userId);
  if (account === undefined) throw new Refusal("not_found", "This user was deleted.");
  return account.user;
}

async function insertFactor(tx: Tx, { userId, uuid, name, made, now }: NewFactor): Promise<number> {
  const row = { uuid, user_id: userId, name, created: now };
  if ("secret" in made) {
    const device = tx.insertInto("totp_device").values({ ...row, secret: made.secret });
    return (await device.returning("id").executeTakeFirstOrThrow()).id;
  }
  const { rpId: rp_id, credentialId: credential_id, publicKey: public_key, transports } = made;
  const taken = await tx.selectFrom("passkey").select("id").where("credential_id", "=", credential_id).execute();
  if (taken.length > 0) throw new Refusal("conflict", "This passkey was added before: choose another one.");
  const passkey = tx.insertInto("passkey").values({ ...row, rp_id, credential_id, public_key, transports });
  return (await passkey.returning("id").executeTakeFirstOrThrow()).id;
}

async function vouchFor(tx: Tx, sessionId: number, now: number): Promise<void> {
  await tx.updateTable("session").set({ factor_at: now }).where("id", "=", sessionId).execute();
}

async function forgetFactors(tx: Tx, userId: number, now: number): Promise<void> {
  await tx.updateTable("user").set({ factor_since: null, updated: now }).where("id", "=", userId).execute();
  // What a factor vouched for that is gone isn't vouched for any more; a provider's word stays.
  await tx
    .updateTable("session")
    .set({ factor_at: null })
    .where("user_id", "=", userId)
    .where("identity_id", "is", null)
    .where("factor_at", "is not", null)
    .execute();
}

async function insertRecoveryCodes(tx: Tx, userId: number, hashes: readonly Uint8Array[]): Promise<void> {
  const rows = hashes.map((code_hash) => ({ user_id: userId, code_hash }));
  await tx.insertInto("recovery_code").values(rows).execute();
}

function codesMade(user: User, hashes: readonly Uint8Array[]): EventDraft {
  return draftEvent(
    "user.recovery_codes.create",
    { username: user.username },
    { target: userTarget(user), details: { recovery_codes: hashes.length } },
  );
}

function notShown(user: User): EventDraft {
  const details = { operation: "second factor" };
  return draftEvent(
    "auth.login.failure",
    { username: user.username },
    { outcome: "failure", target: userTarget(user), details },
  );
}
