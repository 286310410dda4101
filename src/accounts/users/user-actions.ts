import { defineAction, type Tx } from "../../audit/action.ts";
import { type EventDraft, draftEvent } from "../../audit/event-draft.ts";
import { deleteKeysOf } from "../../keys/delete-keys.ts";
import { deleteViewsOf } from "../../views/view-actions.ts";
import { transferNodes } from "../../nodes/inventory/node-actions.ts";
import { ownedNodeCount } from "../../nodes/inventory/node-queries.ts";
import { Refusal } from "../../refusal.ts";
import { refuseLockout } from "../../settings/password-login.ts";
import { deletedTokens, deleteTokensOf, insertToken, type NewToken, tokenCreated } from "../../tokens/actions.ts";
import type { Token } from "../../tokens/token.ts";
import type { PasswordHash } from "../passwords/password.ts";
import { deleteSessionsOf, noteEndByPassword } from "../sessions/session-actions.ts";
import { deleteFactorsOf } from "../second-factor/delete-factors.ts";
import { changeEvents } from "./user-change-events.ts";
import { userTarget } from "./user-target.ts";
import type { User } from "./user.ts";
import {
  changeUser,
  insertUser,
  isActiveAdministrator,
  type NewUser,
  refuseLastAdministrator,
  type UserChanges,
  userCreated,
} from "./user-rows.ts";
import { type Account, findAccount, findAccountById, hasUsers, noSuchUser } from "./user-queries.ts";

export const createUser = defineAction({
  async run(tx, user: NewUser) {
    return insertUser(tx, user);
  },
  events: (user) => [userCreated(user)],
});

/** Makes the administrator that a new log starts with, and a token for its first command. Refuses if there is anybody. */
export const createFirstAdministrator = defineAction({
  async run(tx, { user, token }: { user: NewUser; token: Omit<NewToken, "userId"> }) {
    if (await hasUsers(tx)) throw new Refusal("conflict", "There are users already.");
    const created = await insertUser(tx, user);
    return { user: created, token: await insertToken(tx, { ...token, userId: created.id }) };
  },
  events: ({ user, token }) => [userCreated(user), tokenCreated(token)],
});

export const updateUser = defineAction({
  async run(tx, { username, changes, now }: { username: string; changes: UserChanges; now: number }) {
    const { user: before } = await getAccount(tx, username);
    const change = await changeUser(tx, before, changes, now);
    await refuseLockout(tx);
    return change;
  },
  events: changeEvents,
});

/** One's own password. The old one has been checked against `checkedHash`, which must still be the one stored. */
export interface PasswordChange {
  readonly userId: number;
  readonly checkedHash: PasswordHash;
  /** Undefined where the old password was wrong: then the attempt is all that is recorded. */
  readonly newHash: PasswordHash | undefined;
  /** Whether API tokens end too. */
  readonly endTokens?: boolean;
  readonly now: number;
}

export const changePassword = defineAction({
  async run(tx, { userId, checkedHash, newHash, endTokens = false, now }: PasswordChange) {
    const account = await findAccountById(tx, userId);
    if (account === undefined || account.passwordHash !== checkedHash) {
      throw new Refusal("conflict", "The password was changed in the meantime: log in with the new one.");
    }
    if (newHash === undefined) return { user: account.user, changed: undefined };
    return { user: account.user, changed: await storePassword(tx, account.user, newHash, { endTokens, now }) };
  },
  events: ({ user, changed }) => [
    changed === undefined
      ? draftEvent(
          "auth.login.failure",
          { username: user.username },
          { outcome: "failure", target: userTarget(user), details: { operation: "password change" } },
        )
      : passwordEvent("user.password.change", changed),
  ],
});

export interface PasswordReset {
  readonly username: string;
  readonly newHash: PasswordHash;
  /** Left out, API tokens end: who had the old password may have made one. */
  readonly endTokens?: boolean;
  readonly now: number;
}

/** Somebody's password, set by an administrator or on the command line. */
export const resetPassword = defineAction({
  async run(tx, { username, newHash, endTokens = true, now }: PasswordReset) {
    const { user } = await getAccount(tx, username);
    return storePassword(tx, user, newHash, { endTokens, now });
  },
  events: (changed) => [passwordEvent("user.password.reset", changed)],
});

export const deleteUser = defineAction({
  async run(tx, { username, heir, now }: { username: string; heir?: string | undefined; now: number }, actor) {
    const { user } = await getAccount(tx, username);
    if (user.id === actor.user?.id) throw new Refusal("invalid", "An administrator cannot self-delete.");
    if (isActiveAdministrator(user)) await refuseLastAdministrator(tx, user);
    const nodes = await handOver(tx, user, heir);
    const sessions = await deleteSessionsOf(tx, user.id, now);
    const tokens = await deleteTokensOf(tx, user, now);
    const keys = await deleteKeysOf(tx, user.id);
    const views = await deleteViewsOf(tx, user.id);
    await tx.deleteFrom("oidc_identity").where("user_id", "=", user.id).execute();
    await tx.deleteFrom("realm_identity").where("user_id", "=", user.id).execute();
    await deleteFactorsOf(tx, user.id);
    await tx.deleteFrom("user").where("id", "=", user.id).execute();
    await refuseLockout(tx);
    return { user, heir, nodes, sessions, tokens, keys, views };
  },
  events: ({ user, heir, nodes, sessions, tokens, keys, views }) => [
    draftEvent(
      "user.delete",
      { username: user.username, isSuperuser: user.isSuperuser },
      {
        target: userTarget(user),
        details: {
          sessions_ended: sessions,
          tokens_deleted: tokens.length,
          keys_deleted: keys,
          views_deleted: views,
          ...(heir !== undefined && { transferred_to: heir, nodes_transferred: nodes }),
        },
      },
    ),
  ],
});

/** Gives the user's nodes to the heir, and says which. Refuses while there are nodes and nobody to have them. */
async function handOver(tx: Tx, user: User, heir: string | undefined): Promise<readonly string[]> {
  if (heir === user.username)
    throw new Refusal("invalid", "Who is deleted can't take over anything: name somebody else.");
  if (heir !== undefined) return transferNodes(tx, user.id, (await getAccount(tx, heir)).user.id);
  const nodes = await ownedNodeCount(tx, user.id);
  if (nodes === 0) return [];
  throw new Refusal("invalid", `User ${user.username} cannot be deleted: ${nodes} node(s) are still allocated`);
}

interface ChangedPassword {
  readonly user: User;
  readonly sessionsEnded: number;
  /** Undefined where they were kept. */
  readonly tokens: readonly Token[] | undefined;
}

/** Stores the hash and ends every session, so that nobody stays logged in by the old password. */
async function storePassword(
  tx: Tx,
  user: User,
  hash: PasswordHash,
  { endTokens, now }: { readonly endTokens: boolean; readonly now: number },
): Promise<ChangedPassword> {
  await tx
    .updateTable("user")
    .set({ password_hash: hash, is_password_unset: null, updated: now })
    .where("id", "=", user.id)
    .execute();
  await noteEndByPassword(tx, user.id, now);
  const tokens = endTokens ? await deleteTokensOf(tx, user, now) : undefined;
  return { user, sessionsEnded: await deleteSessionsOf(tx, user.id, now), tokens };
}

function passwordEvent(
  action: "user.password.change" | "user.password.reset",
  { user, sessionsEnded, tokens }: ChangedPassword,
): EventDraft {
  const details = { sessions_ended: sessionsEnded, ...(tokens !== undefined && deletedTokens(tokens)) };
  return draftEvent(action, { username: user.username }, { target: userTarget(user), details });
}

async function getAccount(tx: Tx, username: string): Promise<Account> {
  const account = await findAccount(tx, username);
  if (account === undefined) throw noSuchUser(username);
  return account;
}
