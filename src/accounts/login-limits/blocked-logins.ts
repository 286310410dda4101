import type { Actor } from "../../audit/actor.ts";
import { perform } from "../../audit/perform.ts";
import type { Database } from "../../database/database.ts";
import type { Worker } from "../../following/worker.ts";
import type { Unrecorded } from "../../http/authentication/unrecorded.ts";
import { recordBlockedLogins } from "../sessions/session-actions.ts";

const reportIntervalMs = 60_000;

/** Records once a minute, and at the end, how many failures were not recorded one by one. */
export function blockedLoginReporter(db: Database, unrecorded: Unrecorded, machine: Actor): Worker {
  return {
    name: "blocked-logins",
    runs: "everyServer",
    pauseMs: reportIntervalMs,
    complaint: "could not record the blocked logins",
    hasFinalTurn: true,
    async turn() {
      const blocked = unrecorded.take();
      if (blocked === undefined) return "pause";
      try {
        await perform(db, machine, recordBlockedLogins, blocked);
      } catch (error) {
        // The count is not lost: it goes on from there.
        unrecorded.putBack(blocked);
        throw error;
      }
      return "pause";
    },
  };
}
