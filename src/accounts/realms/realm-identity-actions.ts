import { defineAction, type Tx } from "../../audit/action.ts";
import type { KnownPerson } from "../../audit/actor.ts";
import { draftEvent } from "../../audit/event-draft.ts";
import { Refusal } from "../../refusal.ts";
import type { User } from "../users/user.ts";
import { userTarget } from "../users/user-target.ts";
import { listRealmIdentities, type RealmIdentity } from "./realm-identities.ts";

type Person = Pick<User, "id" | "username">;

export interface NewRealmIdentity {
  readonly user: Person;
  /** For whom their MAAS has just vouched. */
  readonly person: KnownPerson;
  /** Microseconds. */
  readonly now: number;
}

/** Links an account to who its owner is at a mirrored MAAS: from now on it sees their events there too. */
export const linkRealmIdentity = defineAction({
  async run(tx, { user, person, now }: NewRealmIdentity) {
    const { realm, generation, realmUserId, username: realmUsername } = person;
    const taken = await tx
      .selectFrom("realm_identity")
      .select("user_id")
      .where("realm", "=", realm)
      .where("generation", "=", generation)
      .where("realm_user_id", "=", realmUserId)
      .executeTakeFirst();
    if (taken !== undefined) {
      throw new Refusal(
        "conflict",
        `This person of MAAS '${realm}' is linked to an account already: unlink it there first.`,
      );
    }
    const own = (await listRealmIdentities(tx, user.id)).find((identity) => identity.realm === realm);
    // The link of before the MAAS was set back gives way.
    if (own !== undefined && own.generation === generation) {
      throw new Refusal(
        "conflict",
        `'${user.username}' is linked to somebody else at MAAS '${realm}': unlink that first.`,
      );
    }
    if (own !== undefined) await tx.deleteFrom("realm_identity").where("id", "=", own.id).execute();
    const values = { realm, generation, realm_user_id: realmUserId, realm_username: realmUsername, created: now };
    const { id } = await tx
      .insertInto("realm_identity")
      .values({ user_id: user.id, ...values })
      .returning("id")
      .executeTakeFirstOrThrow();
    const identity = { id, userId: user.id, realm, generation, realmUserId, realmUsername, created: now };
    return { user, identity } satisfies { readonly user: Person; readonly identity: RealmIdentity };
  },
  events: (link) => [draftEvent("identity.link", ...told(link))],
});

export const unlinkRealmIdentity = defineAction({
  async run(tx, { user, id }: { readonly user: Person; readonly id: number }) {
    const identity = (await listRealmIdentities(tx, user.id)).find((one) => one.id === id);
    if (identity === undefined) throw new Refusal("not_found", `You have no identity ${id} at a MAAS.`);
    await tx.deleteFrom("realm_identity").where("id", "=", id).execute();
    return { user, identity };
  },
  events: (link) => [draftEvent("identity.unlink", ...told(link))],
});

/** Takes back who accounts here are at a source, as a part of another action. */
export async function deleteRealmIdentities(tx: Tx, realm: string): Promise<void> {
  await tx.deleteFrom("realm_identity").where("realm", "=", realm).execute();
}

function told({ user, identity }: { readonly user: Person; readonly identity: RealmIdentity }) {
  const { realm, generation, realmUserId, realmUsername } = identity;
  const details = { realm, generation, realm_user_id: realmUserId, realm_username: realmUsername };
  return [
    { username: user.username, issuer: `MAAS ${realm}` },
    { target: userTarget(user), details },
  ] as const;
}
