import type { DatabaseLocation, OpenDatabase } from "../database/database.ts";
import { openDatabase } from "../database/opening.ts";
import { schemaSteps } from "../database/migrate.ts";
import { catchUp } from "../database/writing/catch-up.ts";
import { readHead } from "../database/writing/read-head.ts";
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
export async function openLog(
  location: DatabaseLocation,
  machine: Actor,
  openAt = openDatabase,
): Promise<OpenDatabase> {
  const open = await openAt(location);
  try {
    const recorded = await recordedSteps(open.db);
    if (schemaSteps.some((step) => !recorded.has(step))) await recordSteps(open, machine);
    return open;
  } catch (error) {
    await open[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * Refuses, before anybody is told that it serves, with `moved` a log that was moved to another database, and with `append_key` or
 * `forged_head` one that nothing could be appended to.
 */
export async function refuseUnlessAppendable(open: OpenDatabase): Promise<void> {
  if (await wasMoved(open)) throw movedAway();
  const head = await readHead(open.db);
  const doubt = head === undefined ? undefined : open.appendKeys.doubtOf(head);
  if (doubt !== undefined) throw doubt;
  await catchUp(open.db, open.appendKeys);
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
