import type { Database } from "../database/database.ts";
import type { KeepBooks } from "../database/leases.ts";

/** The last event that a worker has done its work on; 0 and no hash before the first one. */
export interface FollowedTo {
  readonly eventId: number;
  readonly leafHash: Uint8Array;
}

export const beforeAll: FollowedTo = { eventId: 0, leafHash: new Uint8Array() };

/** Where it is kept how far a worker has got. */
export interface Cursor {
  /** Undefined for a worker that has never begun. */
  read(): Promise<FollowedTo | undefined>;
  move(to: FollowedTo, keepBooks: KeepBooks): Promise<void>;
}

/** A cursor in the database, for a worker that runs `once`: it is as durable as the events, and goes into backups. */
export function storedCursor(db: Database, worker: string, now: () => number): Cursor {
  return {
    async read() {
      const row = await db
        .selectFrom("worker_cursor")
        .select(["event_id", "leaf_hash"])
        .where("worker", "=", worker)
        .executeTakeFirst();
      return row === undefined ? undefined : { eventId: row.event_id, leafHash: row.leaf_hash };
    },
    async move({ eventId, leafHash }, keepBooks) {
      const to = { event_id: eventId, leaf_hash: leafHash, moved: now() };
      await keepBooks(async (tx) => {
        await tx
          .insertInto("worker_cursor")
          .values({ worker, ...to })
          .onConflict((conflict) => conflict.column("worker").doUpdateSet(to))
          .execute();
      });
    },
  };
}

/** A cursor that ends with the process, for what every server derives from the log and holds in memory. */
export function memoryCursor(): Cursor {
  let at: FollowedTo | undefined;
  return {
    read: async () => at,
    async move(to) {
      at = to;
    },
  };
}
