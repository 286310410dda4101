import type { MirroredPerson } from "../../audit/actor.ts";
import type { ForeignKey } from "../../http/authentication/caller.ts";
import { askMaas, isSuperuserIn } from "../api/maas-api.ts";
import { type DatabasePerson, MaasDatabase, PeopleHidden, type WantedPerson } from "../database/maas-database.ts";
import type { OpenSource } from "../sources/source-queries.ts";
import type { KeyFault } from "./identity-actions.ts";

/** Why nobody is let in, and the name that their MAAS has told, if it has. */
export interface NobodyFound {
  readonly fault: KeyFault;
  readonly username: string | null;
}

export type FoundPerson = { readonly person: MirroredPerson } | NobodyFound;

/**
 * Asks a MAAS who has a key (`users/?op=whoami`, MAAS API 2.0), and its database for the id that it doesn't tell. Both have to
 * know the person, with the same role. Without its database only administrators are known.
 *
 * Throws where either can't be asked.
 */
export async function askPerson(source: OpenSource, url: string, key: ForeignKey): Promise<FoundPerson> {
  const { secret: tokenSecret, ...parts } = key;
  const { status, body } = await askMaas(url, { ...parts, tokenSecret }, "users/?op=whoami");
  if (status === 401 || status === 403) return { fault: "refused", username: null };
  const told = parseWhoami(body);
  if (status !== 200 || told === undefined) throw new Error(`${url} doesn't answer like a MAAS (${status})`);
  const { username, isSuperuser } = told;
  const known = await findInDatabase(source, { username });
  if (known !== "hidden") {
    // Both tell of one database. Where they don't agree, the address is another MAAS's.
    return personOf(source, known?.isSuperuser === isSuperuser ? known : undefined, username);
  }
  if (!isSuperuser) return { fault: "hidden", username };
  const { name: realm, generation } = source;
  return { person: { realm, generation, realmUserId: null, username, readsRealm: true } };
}

/** Asks a MAAS's database alone, for somebody whose key was asked about before. Throws where it can't be asked. */
export async function askPersonById(source: OpenSource, id: number): Promise<FoundPerson> {
  const known = await findInDatabase(source, { id });
  return known === "hidden" ? { fault: "hidden", username: null } : personOf(source, known, null);
}

function personOf(
  { name: realm, generation }: OpenSource,
  known: DatabasePerson | undefined,
  told: string | null,
): FoundPerson {
  if (known === undefined) return { fault: "unknown", username: told };
  const { id: realmUserId, username, isActive, isSuperuser: readsRealm } = known;
  if (!isActive) return { fault: "deactivated", username };
  return { person: { realm, generation, realmUserId, username, readsRealm } };
}

async function findInDatabase(source: OpenSource, who: WantedPerson): Promise<DatabasePerson | "hidden" | undefined> {
  if (source.database === null) return "hidden";
  try {
    await using maas = await MaasDatabase.connect(source);
    return await maas.person(who);
  } catch (error) {
    if (error instanceof PeopleHidden) return "hidden";
    throw error;
  }
}

function parseWhoami(body: unknown): { readonly username: string; readonly isSuperuser: boolean } | undefined {
  const { username } = (body ?? {}) as { readonly username?: unknown };
  const isSuperuser = isSuperuserIn(body);
  if (typeof username !== "string" || username === "" || username.length > 150) return undefined;
  return isSuperuser === undefined ? undefined : { username, isSuperuser };
}
