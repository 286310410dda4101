import { Type } from "typebox";
import type { Actor, KnownPerson } from "../../audit/actor.ts";
import { parseApiKey } from "../../cli/profiles/api-key.ts";
import type { Vouch } from "../../http/authentication/caller.ts";
import { invalidField, Refusal } from "../../refusal.ts";
import { peopleGrant } from "../database/maas-database.ts";

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
): Promise<KnownPerson> {
  const key = parseApiKey(api_key.trim());
  if (key === undefined) {
    throw invalidField("api_key", "Enter the API key as MAAS shows it: three parts with colons between them.");
  }
  const { tokenSecret: secret, ...parts } = key;
  const holder = await vouch?.byKey({ ...parts, secret }, { source, actor, now });
  if (holder === undefined) throw new Refusal("unauthenticated", "No mirrored MAAS was asked about this API key.");
  const { realm, realmUserId } = holder.person;
  if (realmUserId !== null) return { ...holder.person, realmUserId };
  throw new Refusal(
    "forbidden",
    `Nothing tells the id that you have at MAAS '${realm}': Ironlog needs its database, and there ${peopleGrant}.`,
  );
}
