import type { DatabaseLocation, OpenDatabase } from "../database/database.ts";
import { openDatabase } from "../database/opening.ts";
import { schemaSteps } from "../database/migrate.ts";
import { movedAway } from "../database/writing/writer.ts";
import { Refusal } from "../refusal.ts";
import type { Actor } from "./actor.ts";
import { migrateSchema, recordedSteps } from "./machine-actions.ts";
import { perform } from "./perform.ts";

/**
 * Opens the database for acting on it, and records what was done to its tables.
 *
 * Tables change in a transaction of their own; should the process die before it is recorded, the next opening does it.
 * Throws `UnusableDatabase` as `openDatabase` does.
 */
export async function openLog(location: DatabaseLocation, machine: Actor): Promise<OpenDatabase> {
  const open = await openDatabase(location);
  try {
    const recorded = await recordedSteps(open.db);
    if (schemaSteps.some((step) => !recorded.has(step))) await recordSteps(open, machine);
    return open;
  } catch (error) {
    await open[Symbol.asyncDispose]();
    throw error;
  }
}

/** Refuses with `moved` a log that was moved to another database, before anybody is told that it serves. */
export async function refuseIfMoved(open: OpenDatabase): Promise<void> {
  if (await wasMoved(open)) throw movedAway();
}

async function wasMoved({ db }: OpenDatabase): Promise<boolean> {
  return (await db.selectFrom("log_move").select("id").executeTakeFirst()) !== undefined;
}

async function recordSteps(open: OpenDatabase, machine: Actor): Promise<void> {
  // It takes nothing more, and may still be copied. The steps are recorded where it has gone.
  if (await wasMoved(open)) return;
  const { db } = open;
  try {
    await perform(db, machine, migrateSchema, schemaSteps);
  } catch (error) {
    // Another server on the same database was quicker.
    if (!(error instanceof Refusal && error.code === "conflict")) throw error;
  }
}
