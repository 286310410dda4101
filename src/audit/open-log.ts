import { type DatabaseLocation, type OpenDatabase, openDatabase } from "../database/database.ts";
import type { Actor } from "./actor.ts";
import { migrateSchema } from "./machine-actions.ts";
import { perform } from "./perform.ts";

/**
 * Opens the database for acting on it, and records what had to be done to its tables.
 *
 * Throws `UnusableDatabase` as `openDatabase` does.
 */
export async function openLog(location: DatabaseLocation, machine: Actor): Promise<OpenDatabase> {
  const open = await openDatabase(location);
  try {
    if (open.migrated.length > 0) await perform(open.db, machine, migrateSchema, open.migrated);
    return open;
  } catch (error) {
    await open[Symbol.asyncDispose]();
    throw error;
  }
}
