import type { MirroredPerson } from "../../audit/actor.ts";
import type { ForeignKey } from "../../http/authentication/caller.ts";
import { askMaas } from "../api/maas-api.ts";
import { type DatabasePerson, MaasDatabase, PeopleHidden } from "../database/maas-database.ts";
import type { OpenSource } from "../sources/source-queries.ts";
import type { KeyFault } from "./identity-actions.ts";

/** Who has a key, or why it lets nobody in; then with the name where that MAAS has told it. */
export type FoundPerson =
  | { readonly person: MirroredPerson }
  | { readonly fault: KeyFault; readonly username: string | null };

/**
 * Asks a MAAS who has a key (`users/?op=whoami`, MAAS API 2.0), and its database for the id that it doesn't tell. Both have to
 * know the person, and as an administrator where one is meant.
 *
 * Throws where either can't be asked.
 */
export async function askPerson(source: OpenSource, url: string, key: ForeignKey): Promise<FoundPerson> {
  const { consumerKey, tokenKey, secret } = key;
  const { status, body } = await askMaas(url, `${consumerKey}:${tokenKey}:${secret}`, "users/?op=whoami");
  if (status === 401 || status === 403) return { fault: "refused", username: null };
  const told = parseWhoami(body);
  if (status !== 200 || told === undefined) throw new Error(`${url} doesn't answer like a MAAS (${status})`);
  const known = await findInDatabase(source, told.username);
  const { name: realm, generation } = source;
  if (known === "hidden") {
    if (!told.isSuperuser) return { fault: "hidden", username: told.username };
    return { person: { realm, generation, realmUserId: null, username: told.username, readsRealm: true } };
  }
  if (known === undefined) return { fault: "unknown", username: told.username };
  if (!known.isActive) return { fault: "deactivated", username: told.username };
  const readsRealm = told.isSuperuser && known.isSuperuser;
  return { person: { realm, generation, realmUserId: known.id, username: told.username, readsRealm } };
}

async function findInDatabase(source: OpenSource, username: string): Promise<DatabasePerson | "hidden" | undefined> {
  try {
    await using maas = await MaasDatabase.connect(source);
    return await maas.person(username);
  } catch (error) {
    if (error instanceof PeopleHidden) return "hidden";
    throw error;
  }
}

function parseWhoami(body: unknown): { readonly username: string; readonly isSuperuser: boolean } | undefined {
  const { username, is_superuser: isSuperuser } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof username !== "string" || username === "" || username.length > 150) return undefined;
  return typeof isSuperuser === "boolean" ? { username, isSuperuser } : undefined;
}
