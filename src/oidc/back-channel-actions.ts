import { findAccountById } from "../accounts/users/user-queries.ts";
import { userTarget } from "../accounts/users/user-target.ts";
import { defineAction, type Tx } from "../audit/action.ts";
import { draftEvent } from "../audit/event-draft.ts";
import { Refusal } from "../refusal.ts";
import { fingerprint } from "../verifiable-log/fingerprint.ts";
import { identityDetails } from "./identity-actions.ts";
import { findIdentityById } from "./identity-queries.ts";
import type { Provider } from "./provider.ts";

/** Whom a provider has logged out: one of its sessions, or all of somebody's. */
export interface ProviderLogout {
  readonly provider: Pick<Provider, "id">;
  readonly subject: string | undefined;
  readonly providerSession: string | undefined;
}

/** Ends the sessions that a provider's log-out means. Refuses with `not_found` where there are none. */
export const endProviderSessions = defineAction({
  async run(tx, logout: ProviderLogout) {
    const meant = await sessionsOf(tx, logout);
    const identity = meant[0] === undefined ? undefined : await findIdentityById(tx, meant[0].identity_id);
    const account = identity === undefined ? undefined : await findAccountById(tx, identity.userId);
    if (identity === undefined || account === undefined) throw new Refusal("not_found", "There is no such session.");
    const ids = meant.filter(({ identity_id }) => identity_id === identity.id).map(({ id }) => id);
    await tx.deleteFrom("session").where("id", "in", ids).execute();
    return { user: account.user, identity, ended: ids.length };
  },
  events: ({ user, identity, ended }, { providerSession }) => [
    draftEvent(
      "session.end",
      { username: user.username, ended },
      {
        target: userTarget(user),
        details: {
          sessions_ended: ended,
          reason: "back-channel log-out",
          ...identityDetails(identity),
          ...(providerSession !== undefined && { provider_session: fingerprint(providerSession) }),
        },
      },
    ),
  ],
});

async function sessionsOf(tx: Tx, { provider, subject, providerSession }: ProviderLogout) {
  let query = tx
    .selectFrom("session")
    .innerJoin("oidc_identity", "oidc_identity.id", "session.identity_id")
    .select(["session.id", "oidc_identity.id as identity_id"])
    .where("oidc_identity.provider_id", "=", provider.id)
    .orderBy("session.id");
  if (subject !== undefined) query = query.where("oidc_identity.subject", "=", subject);
  if (providerSession !== undefined) query = query.where("session.provider_session", "=", providerSession);
  return query.execute();
}
