import type { Database } from "../database/database.ts";
import type { Standby } from "../database/readers/standby.ts";
import { positionAt } from "./follow.ts";
import type { Worker } from "./worker.ts";

const lookMs = 2_000;

/** Looks whether the hot standby can be read, and tells how far behind it is. While it can't, the database itself is read. */
export function standbyWorker(db: Database, standby: Standby): Worker {
  return {
    name: "standby",
    runs: "everyServer",
    pauseMs: lookMs,
    backOffMsMax: lookMs,
    isEager: true,
    complaint: "can't read the hot standby: what takes long is read from the database itself",
    async turn() {
      await standby.look();
      return "pause";
    },
    async position() {
      const { lastEventId: cursor } = standby;
      return cursor === undefined ? undefined : positionAt(db, cursor);
    },
  };
}
