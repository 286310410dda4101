import assert from "node:assert/strict";
import type { Database } from "../../../src/database/database.ts";
import type { TestServer } from "../server.ts";

// The log as a server's own database has it. Tests that send thousands of requests look at it after each, and over HTTP that would cost
// more than the requests. What the API shows of events is for other tests to say.

/** What a row of the log says of an event's request and its doer. */
export type LoggedEvent = Awaited<ReturnType<typeof loggedSince>>[number];

/** The id of the newest event, but for those that a server records by itself. */
export async function newestLoggedId(server: TestServer): Promise<number> {
  const { id } = await databaseOf(server)
    .selectFrom("event")
    .select("id")
    .where("action", "!=", byItself)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirstOrThrow();
  return id;
}

/** What was recorded after the event of that id, oldest first. */
export async function loggedSince(server: TestServer, id: number) {
  return databaseOf(server)
    .selectFrom("event")
    .select(["id", "action", "outcome", "username", "description", "trace_id", "target_name"])
    .where("id", ">", id)
    .where("action", "!=", byItself)
    .orderBy("id")
    .execute();
}

const byItself = "log.verify";

function databaseOf({ database }: TestServer): Database {
  assert.ok(database !== undefined, "the server runs in this process");
  return database.db;
}
