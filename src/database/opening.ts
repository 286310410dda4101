import type { DatabaseLocation, OpenDatabase } from "./database.ts";
import { openPostgres } from "./dialects/postgres.ts";
import { openSqlite } from "./dialects/sqlite.ts";
import { AppendKeys } from "./writing/append-keys.ts";

/**
 * Opens the database, makes it if it isn't there, and brings its tables up to date.
 *
 * Throws `UnusableDatabase`, whose message names the mend, if it is damaged, newer than this program or out of reach.
 */
export async function openDatabase(location: DatabaseLocation): Promise<OpenDatabase> {
  return openAt(location, false);
}

/**
 * The same without a look at its tables, which takes longer than all else: for a copy, just made, of a database that was opened the
 * other way.
 */
export async function openCopy(location: DatabaseLocation): Promise<OpenDatabase> {
  return openAt(location, true);
}

async function openAt(location: DatabaseLocation, isCopy: boolean): Promise<OpenDatabase> {
  const keys = new AppendKeys(location.appendKeyFile);
  return location.kind === "sqlite"
    ? openSqlite(location.file, keys, isCopy)
    : openPostgres(location.url, keys, isCopy);
}
