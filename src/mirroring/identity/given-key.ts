import { Type } from "typebox";
import type { Actor, MirroredPerson } from "../../audit/actor.ts";
import type { Vouch } from "../../http/authentication/caller.ts";
import { invalidField, Refusal } from "../../refusal.ts";

/** A key of a mirrored MAAS in a body, and which MAAS it is of. */
export const keyFields = {
  api_key: Type.String({ minLength: 1, maxLength: 700, description: "As that MAAS shows it." }),
  source: Type.Optional(
    Type.String({ maxLength: 40, description: "The source's name; the setting ironlog_default_source unless given." }),
  ),
};

/** Who has the key that was given, with their id. Refuses as `Vouch` does, and with `forbidden` somebody without a known id. */
export async function askForKey(
  vouch: Vouch | undefined,
  { api_key, source }: { readonly api_key: string; readonly source?: string },
  actor: Actor,
  now: number,
): Promise<MirroredPerson & { readonly realmUserId: number }> {
  const [consumerKey = "", tokenKey = "", secret = "", ...more] = api_key.trim().split(":");
  if (secret === "" || more.length > 0) {
    throw invalidField("api_key", "Enter the API key as MAAS shows it: three parts with colons between them.");
  }
  const holder = await vouch?.byKey({ consumerKey, tokenKey, secret }, { source, actor, now });
  if (holder === undefined) throw new Refusal("unauthenticated", "No mirrored MAAS was asked about this API key.");
  const { realm, realmUserId } = holder.person;
  if (realmUserId !== null) return { ...holder.person, realmUserId };
  throw new Refusal(
    "forbidden",
    `Nothing tells the id that you have at MAAS '${realm}': Ironlog needs its database, and there GRANT SELECT (id, username, is_active, is_superuser) ON auth_user.`,
  );
}
