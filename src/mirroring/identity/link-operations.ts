import { Type } from "typebox";
import { listRealmIdentities, type RealmIdentity } from "../../accounts/realms/realm-identities.ts";
import { linkRealmIdentity, unlinkRealmIdentity } from "../../accounts/realms/realm-identity-actions.ts";
import { actingUser } from "../../http/authentication/acting-user.ts";
import type { Vouch } from "../../http/authentication/caller.ts";
import { listOf, nativeList } from "../../http/native/list.ts";
import { nativeOperation, type NativeOperation } from "../../http/native/operation.ts";
import { Refusal } from "../../refusal.ts";
import { rfc3339Micros } from "../../time.ts";
import { askForKey, keyFields } from "./given-key.ts";
import { findPathId } from "../../http/request/path-id.ts";

const identitySchema = Type.Object({
  id: Type.Integer(),
  source: Type.String(),
  username: Type.String({ description: "The name that you had there." }),
  realm_user_id: Type.Integer({ description: "Your id there." }),
  generation: Type.Integer({ description: "Of that MAAS: once it was set back, link it anew." }),
  created: Type.String({ format: "date-time" }),
});

/** Who an account is at mirrored MAASes. `vouch` is left out where somebody only looks at the operations. */
export function linkOperations(vouch: Vouch | undefined): readonly NativeOperation[] {
  return [
    nativeOperation({
      path: "/account/maas-identities",
      method: "GET",
      id: "listMaasIdentities",
      command: ["account", "maas-identities"],
      who: "user",
      summary: "List who you are at mirrored MAASes",
      answer: { status: 200, description: "Oldest first.", schema: listOf(identitySchema) },
      does: ({ query }) =>
        query(async ({ db, actor }) => ({
          status: 200,
          body: nativeList((await listRealmIdentities(db, actingUser(actor).id)).map(nativeIdentity)),
        })),
    }),
    nativeOperation({
      path: "/account/maas-identities",
      method: "POST",
      id: "linkMaasIdentity",
      command: ["account", "link-maas"],
      who: "user",
      alsoAuditors: true,
      needsFreshFactor: true,
      summary: "Link your account to who you are at a mirrored MAAS",
      description: "From then on you see your own events of that MAAS too. The key proves it once and is kept nowhere.",
      body: Type.Object(keyFields, { additionalProperties: false }),
      answer: { status: 201, description: "The link.", schema: identitySchema },
      does: ({ command }) =>
        command({
          action: linkRealmIdentity,
          input: async ({ actor, now, request: { body } }) => ({
            user: actingUser(actor),
            person: await askForKey(vouch, body, actor, now),
            now,
          }),
          output: ({ identity }) => ({ status: 201, body: nativeIdentity(identity) }),
        }),
    }),
    nativeOperation({
      path: "/account/maas-identities/{id}",
      method: "DELETE",
      id: "unlinkMaasIdentity",
      command: ["account", "unlink-maas"],
      who: "user",
      alsoAuditors: true,
      summary: "Unlink your account from a mirrored MAAS",
      answer: { status: 204, description: "It is unlinked." },
      does: ({ command }) =>
        command({
          action: unlinkRealmIdentity,
          async input({ actor, request }) {
            const id = findPathId(request.path["id"]);
            if (id === undefined) throw new Refusal("not_found", "Give the number of the link.");
            return { user: actingUser(actor), id };
          },
          output: () => ({ status: 204 }),
        }),
    }),
  ];
}

function nativeIdentity({ id, realm, realmUsername, realmUserId, generation, created }: RealmIdentity) {
  return {
    id,
    source: realm,
    username: realmUsername,
    realm_user_id: realmUserId,
    generation,
    created: rfc3339Micros(created),
  };
}
