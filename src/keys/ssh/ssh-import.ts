import type { Database } from "../../database/database.ts";
import { getSetting } from "../../settings/queries.ts";
import { fetchKeys, type KeySource, sourceText } from "./key-source.ts";

/** Fetches what `importSshKeys` takes. `now` is in microseconds; refuses as `fetchKeys` does. */
export async function prepareImport(
  db: Database,
  owner: { readonly id: number; readonly username: string },
  source: KeySource,
  now: number,
) {
  const servers = {
    github: String(await getSetting(db, "ironlog_github_url")),
    launchpad: String(await getSetting(db, "ironlog_launchpad_url")),
  };
  const keys = await fetchKeys(source, servers);
  return { owner: { userId: owner.id, username: owner.username }, source: sourceText(source), keys, now };
}
