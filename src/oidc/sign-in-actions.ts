import { changeEvents, type UserChange } from "../accounts/users/user-change-events.ts";
import { type Account, findAccount, findAccountById } from "../accounts/users/user-queries.ts";
import { changeUser, insertUser, isLastAdministrator, isTakenEmail, userCreated } from "../accounts/users/user-rows.ts";
import type { User } from "../accounts/users/user.ts";
import type { PasswordHash } from "../accounts/passwords/password.ts";
import {
  brokeGlass,
  insertSession,
  loginEvent,
  loginFailure,
  type OpenedSession,
} from "../accounts/sessions/session-actions.ts";
import { defineAction, type Tx } from "../audit/action.ts";
import type { EventDraft } from "../audit/event-draft.ts";
import { getSetting } from "../settings/queries.ts";
import { hasWayIn, passwordLoginSetting } from "../settings/password-login.ts";
import { identityDetails, identityLinked, insertIdentity } from "./identity-actions.ts";
import { findLinkedIdentity, type LinkedIdentity } from "./identity-queries.ts";
import type { Provider } from "./provider.ts";
import type { ClaimedAccount, ClaimedRole } from "./relying-party/claims.ts";
import type { FailureReason } from "./relying-party/failure.ts";

/** Somebody whom a provider has vouched for, as it was checked before the transaction. */
export interface SignIn {
  readonly provider: Provider;
  readonly subject: string;
  /** Who that is here; undefined where nobody is linked yet. */
  readonly known: Pick<LinkedIdentity, "id" | "userId"> | undefined;
  /** The account to create where nobody is linked; undefined where the provider only links. */
  readonly account: (ClaimedAccount & { readonly passwordHash: PasswordHash }) | undefined;
  readonly role: ClaimedRole | undefined;
  readonly session: Omit<OpenedSession, "identity">;
  /** How the provider calls its own session. */
  readonly providerSession: string | null;
  /** The session that the same browser has, which this one takes the place of. */
  readonly replacesId: number | undefined;
}

/** What a login through a provider came to. */
type SignedIn =
  | { readonly user: User; readonly identity: LinkedIdentity; readonly made: Made; readonly role: RoleOutcome }
  | { readonly user: undefined; readonly reason: FailureReason; readonly account?: User };

interface Made {
  readonly isUserNew: boolean;
  readonly isLinkNew: boolean;
}

/** How the claimed role was applied, or why it wasn't. */
interface RoleOutcome {
  readonly change?: UserChange;
  readonly kept?: "the last administrator" | "a break-glass account";
}

/** Logs in by a provider's word, or records that it failed. Roles and accounts that it brings are a part of it. */
export const signIn = defineAction({
  async run(tx, input: SignIn): Promise<SignedIn> {
    const { provider, subject, session } = input;
    if (!(await isUnchanged(tx, provider))) return { user: undefined, reason: "closed" };
    const found = await findPerson(tx, input);
    if (found.user === undefined) return found;
    const role = await applyRole(tx, found.user, input.role, session.now);
    const user = role.change?.after ?? found.user;
    const { identity } = found;
    await tx.updateTable("oidc_identity").set({ last_login: session.now }).where("id", "=", identity.id).execute();
    if (input.replacesId !== undefined) {
      await tx.deleteFrom("session").where("id", "=", input.replacesId).where("user_id", "=", user.id).execute();
    }
    const by = { id: identity.id, providerSession: input.providerSession };
    await insertSession(tx, { user_id: user.id }, { ...session, identity: by });
    return { user, identity: { ...identity, subject }, made: found.made, role };
  },
  events(result, input) {
    if (result.user === undefined) {
      return [loginFailure(result.account, failureDetails({ ...input, issuer: input.provider.issuer }, result.reason))];
    }
    const { user, identity, made, role } = result;
    const as = { userId: user.id, username: user.username };
    const details = {
      method: "oidc",
      ...identityDetails(identity),
      ...(role.kept !== undefined && { role_kept_of: role.kept }),
    };
    const more: readonly EventDraft[] = [
      ...(made.isLinkNew ? [identityLinked(user, identity, { as })] : []),
      ...(role.change === undefined ? [] : roleEvents(role.change, input.provider)),
      loginEvent(user, input.session, details),
      ...(user.isBreakGlass ? [brokeGlass(user)] : []),
    ];
    const [first = loginEvent(user, input.session, details), ...rest] = more;
    return made.isUserNew ? [userCreated(role.change?.before ?? user, { as }), first, ...rest] : [first, ...rest];
  },
});

/** A login that failed before anybody was found: at the provider, or by what it answered. */
export const recordFailedSignIn = defineAction({
  async run(_tx, failed: FailedSignIn) {
    return failed;
  },
  events: (failed) => [loginFailure(undefined, failureDetails(failed, failed.reason))],
});

export interface FailedSignIn {
  readonly provider: Pick<Provider, "name" | "issuer">;
  /** Undefined where the provider didn't say, or can't be believed. */
  readonly subject: string | undefined;
  readonly reason: FailureReason;
  /** What exactly was wrong, where more is known. */
  readonly cause?: string;
}

function failureDetails(
  { provider, subject, cause }: Omit<FailedSignIn, "reason"> & { readonly issuer?: string },
  reason: FailureReason,
) {
  return {
    method: "oidc",
    provider: provider.name,
    issuer: provider.issuer,
    ...(subject !== undefined && { subject }),
    reason,
    ...(cause !== undefined && { cause }),
  };
}

/** Nobody here has given the role, and its bearer least of all. */
function roleEvents(change: UserChange, { name, issuer, roleClaim }: Provider): readonly EventDraft[] {
  const by = { provider: name, issuer, claim: roleClaim };
  return changeEvents(change).map((draft) => ({ ...draft, as: "nobody", details: { ...draft.details, ...by } }));
}

/** A provider that was changed or disabled since it was asked lets nobody in. */
async function isUnchanged(tx: Tx, { id, updated }: Provider): Promise<boolean> {
  const row = await tx
    .selectFrom("oidc_provider")
    .select(["is_enabled", "updated"])
    .where("id", "=", id)
    .executeTakeFirst();
  return row?.is_enabled === 1 && row.updated === updated;
}

type Found =
  | { readonly user: User; readonly identity: LinkedIdentity; readonly made: Made }
  | { readonly user: undefined; readonly reason: FailureReason; readonly account?: User };

async function findPerson(tx: Tx, { provider, subject, known, account, session }: SignIn): Promise<Found> {
  const identity = await findLinkedIdentity(tx, provider.id, subject);
  if (identity?.id !== known?.id || identity?.userId !== known?.userId) return { user: undefined, reason: "changed" };
  if (identity !== undefined) {
    const { user } = (await findAccountById(tx, identity.userId)) ?? ({} as Partial<Account>);
    if (user === undefined) return { user, reason: "unknown" };
    if (!user.isActive) return { user: undefined, reason: "inactive", account: user };
    return { user, identity, made: { isUserNew: false, isLinkNew: false } };
  }
  if (account === undefined) return { user: undefined, reason: "unknown" };
  const { username } = account;
  if (username === undefined) return { user: undefined, reason: "name" };
  // Never taken over: whoever has the name at the provider needn't be who has it here.
  if ((await findAccount(tx, username)) !== undefined) return { user: undefined, reason: "taken" };
  const email = (await isTakenEmail(tx, account.email)) ? "" : account.email;
  const user = await insertUser(tx, {
    ...account,
    username,
    email,
    isSuperuser: false,
    hasPassword: false,
    now: session.now,
  });
  const link = await insertIdentity(tx, user, provider, subject, session.now);
  return { user, identity: link, made: { isUserNew: true, isLinkNew: true } };
}

async function applyRole(tx: Tx, user: User, role: ClaimedRole | undefined, now: number): Promise<RoleOutcome> {
  if (role === undefined) return {};
  const roles = { isSuperuser: role === "administrator", isAuditor: role === "auditor" };
  if (user.isSuperuser === roles.isSuperuser && user.isAuditor === roles.isAuditor) return {};
  if (user.isBreakGlass) return { kept: "a break-glass account" };
  if (user.isSuperuser && (await isNeeded(tx, user))) return { kept: "the last administrator" };
  return { change: await changeUser(tx, user, roles, now) };
}

/** Whether nobody else could administer without this administrator. */
async function isNeeded(tx: Tx, user: User): Promise<boolean> {
  if (await isLastAdministrator(tx, user)) return true;
  const isClosed = (await getSetting(tx, passwordLoginSetting)) === "off";
  return isClosed && !(await hasWayIn(tx, user.id));
}
