import { defineAction, type Tx } from "../audit/action.ts";
import { draftEvent, type EventDraft, type EventExtras } from "../audit/event-draft.ts";
import { userTarget } from "../accounts/users/user-target.ts";
import type { User } from "../accounts/users/user.ts";
import { invalidField, Refusal } from "../refusal.ts";
import { refuseLockout } from "../settings/password-login.ts";
import { findLinkedIdentity, findIdentityById, type LinkedIdentity } from "./identity-queries.ts";
import type { Provider } from "./provider.ts";
import { getProvider } from "./provider-queries.ts";
import { isOneLine } from "../http/request/text.ts";

/** One's name as events tell it. */
type Person = Pick<User, "id" | "username">;

export interface NewLink {
  readonly user: Person;
  readonly provider: string;
  readonly subject: string;
  /** Microseconds. */
  readonly now: number;
}

/** Links an account to somebody whom a provider knows: from now on they sign in through it. */
export const linkIdentity = defineAction({
  async run(tx, { user, provider: name, subject, now }: NewLink) {
    const provider = await getProvider(tx, name);
    return { user, identity: await insertIdentity(tx, user, provider, subject, now) };
  },
  events: ({ user, identity }) => [identityLinked(user, identity)],
});

/** Takes a link back. The sessions that were opened through it end. */
export const unlinkIdentity = defineAction({
  async run(tx, { user, identityId }: { user: Person; identityId: number }) {
    const identity = await findIdentityById(tx, identityId);
    if (identity === undefined || identity.userId !== user.id) {
      throw new Refusal("not_found", `'${user.username}' has no identity ${identityId}.`);
    }
    const gone = await tx.deleteFrom("session").where("identity_id", "=", identityId).executeTakeFirst();
    await tx.deleteFrom("oidc_identity").where("id", "=", identityId).execute();
    await refuseLockout(tx);
    return { user, identity, ended: Number(gone.numDeletedRows) };
  },
  events: ({ user, identity, ended }) => [
    draftEvent(
      "identity.unlink",
      { username: user.username, issuer: identity.issuer },
      { target: userTarget(user), details: { ...identityDetails(identity), sessions_ended: ended } },
    ),
  ],
});

/** Adds a link as a part of another action. Refuses a subject that is somebody's, and a second one of the user at the provider. */
export async function insertIdentity(
  tx: Tx,
  user: Person,
  provider: Pick<Provider, "id" | "name" | "issuer">,
  subject: string,
  now: number,
): Promise<LinkedIdentity> {
  const taken = await findLinkedIdentity(tx, provider.id, subject);
  if (taken !== undefined) {
    const sentence = "This identity is linked to an account already: unlink it there first.";
    throw new Refusal("conflict", sentence, { fields: { subject: [sentence] } });
  }
  const other = await tx
    .selectFrom("oidc_identity")
    .select("id")
    .where("user_id", "=", user.id)
    .where("provider_id", "=", provider.id)
    .executeTakeFirst();
  if (other !== undefined) {
    const sentence = `'${user.username}' is linked to another identity at '${provider.name}': unlink that first.`;
    throw new Refusal("conflict", sentence, { fields: { provider: [sentence] } });
  }
  const { id } = await tx
    .insertInto("oidc_identity")
    .values({ user_id: user.id, provider_id: provider.id, subject, created: now, last_login: null })
    .returning("id")
    .executeTakeFirstOrThrow();
  const { id: providerId, name, issuer } = provider;
  return { id, userId: user.id, providerId, provider: name, issuer, subject, created: now, lastLogin: null };
}

/** The event of a new link. */
export function identityLinked(
  user: Person,
  identity: LinkedIdentity,
  extras: Pick<EventExtras, "as"> = {},
): EventDraft {
  const told = { ...extras, target: userTarget(user), details: identityDetails(identity) };
  return draftEvent("identity.link", { username: user.username, issuer: identity.issuer }, told);
}

export function identityDetails({
  provider,
  issuer,
  subject,
}: Pick<LinkedIdentity, "provider" | "issuer" | "subject">) {
  return { provider, issuer, subject };
}

/** Whether a provider may name somebody so: at most 255 characters (OpenID Connect Core, section 2). */
export function isSubject(text: string): boolean {
  return text !== "" && text.length <= 255 && isOneLine(text);
}

/** The subject that an administrator has entered. */
export function parseSubject(text: string): string {
  if (isSubject(text)) return text;
  throw invalidField("subject", "Enter the subject ('sub') that the provider gives: 1 to 255 characters.");
}
