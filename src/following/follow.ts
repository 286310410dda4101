import type { Database } from "../database/database.ts";
import { plainColumns, type PlainEvent } from "../database/event-columns.ts";
import { lastEventId } from "../database/version-cache.ts";
import { beforeAll, type Cursor, type FollowedTo, storedCursor } from "./cursor.ts";
import { realTiming } from "./timing.ts";
import type { Position, Runs, Timing, Turn, Worker } from "./worker.ts";

/** The poll that keeps a follower true, whatever wakes it or doesn't. */
const pollMs = 5_000;

/** Work that is done on each event of the log, in the order of their ids. */
export interface Follower extends Pick<Worker, "name" | "complaint" | "unfit" | "backOffMsMax"> {
  readonly runs: Runs;
  /** Events of one batch. A crash repeats at most so many. */
  readonly batchMax: number;
  /** Where a follower begins that has no cursor yet. */
  readonly startsAt: "beginning" | "end";
  /**
   * Does the work on a batch, never an empty one. Returns when it is done: only then the cursor moves. It may get a batch
   * again that it has had, after a crash or in another server, and must bear that.
   */
  work(events: readonly PlainEvent[], turn: Turn): Promise<void>;
}

/** Tells when the log has grown: `LogWatch` in a server. */
export interface GrowthWatch {
  growBeyond(id: number, timeoutMs: number, signals: readonly AbortSignal[]): Promise<number>;
}

export interface FollowParts {
  readonly db: Database;
  readonly watch: GrowthWatch;
  /** Where every server has a cursor of its own, it belongs to what the worker builds. Needless for one that runs `once`. */
  readonly cursor?: Cursor;
  readonly timing?: Timing;
}

/**
 * A worker that follows the log: it reads a batch after the cursor, does the work, and moves the cursor, in this order. So it
 * skips nothing, and what a crash interrupts is done again.
 */
export function follow(follower: Follower, parts: FollowParts): Worker {
  const { name, runs, batchMax, complaint, unfit, backOffMsMax } = follower;
  const { db, watch, timing = realTiming } = parts;
  const cursor = parts.cursor ?? storedCursor(db, name, timing.now);
  if (runs === "everyServer" && parts.cursor === undefined) {
    throw new Error(`the worker '${name}' runs on every server: give it a cursor of its own`);
  }
  let isStandby = false;
  return {
    name,
    runs,
    pauseMs: pollMs,
    isEager: true,
    complaint,
    unfit,
    ...(backOffMsMax !== undefined && { backOffMsMax }),
    async standBy() {
      isStandby = true;
    },
    async turn(turn) {
      isStandby = false;
      const from = (await cursor.read()) ?? (await begin(turn));
      const events = await readAfter(from);
      const last = events.at(-1);
      if (last === undefined) return "pause";
      await follower.work(events, turn);
      await cursor.move({ eventId: last.id, leafHash: last.leaf_hash }, turn.keepBooks);
      return events.length === batchMax ? "more" : "pause";
    },
    async rest(pauseMs, woken) {
      // Another server does the work: how far the log has grown beyond its cursor is nothing to wake up for.
      if (isStandby) return timing.sleep(pauseMs, woken);
      const at = async (): Promise<number> => ((await cursor.read()) ?? beforeAll).eventId;
      await restUntilGrown({ watch, timing }, at, pauseMs, woken);
    },
    async position() {
      const at = await cursor.read();
      if (at === undefined) return undefined;
      return positionAt(db, at.eventId);
    },
  };

  async function begin({ keepBooks }: Turn): Promise<FollowedTo> {
    const newest = follower.startsAt === "end" ? await findNewest() : undefined;
    const from = newest === undefined ? beforeAll : { eventId: newest.id, leafHash: newest.leaf_hash };
    await cursor.move(from, keepBooks);
    return from;
  }

  function findNewest() {
    return db.selectFrom("event").select(["id", "leaf_hash"]).orderBy("id", "desc").limit(1).executeTakeFirst();
  }

  /**
   * The events behind the cursor. One that names an event which this log doesn't have is another history's, as after a
   * fail-over that lost events or a row that was copied from elsewhere: then all events are read again, since the id alone
   * would skip some.
   */
  async function readAfter({ eventId, leafHash }: FollowedTo): Promise<readonly PlainEvent[]> {
    const rows = await db
      .selectFrom("event")
      .select(plainColumns)
      .where("id", ">=", eventId)
      .orderBy("id")
      .limit(batchMax + 1)
      .execute();
    if (eventId === 0) return rows.slice(0, batchMax);
    const [at, ...after] = rows;
    if (at?.id === eventId && Buffer.from(at.leaf_hash).equals(leafHash)) return after;
    return readAfter(beforeAll);
  }
}

/** How far somebody is who has done their work up to that event. */
export async function positionAt(db: Database, cursor: number): Promise<Position> {
  return { cursor, behind: Math.max(0, (await lastEventId(db)) - cursor) };
}

/** Rests until the log has grown beyond an event, for at most `pauseMs`. */
export async function restUntilGrown(
  { watch, timing }: { readonly watch: GrowthWatch; readonly timing: Timing },
  at: () => Promise<number>,
  pauseMs: number,
  woken: AbortSignal,
): Promise<void> {
  const start = timing.steadyMs();
  try {
    await watch.growBeyond(await at(), pauseMs, [woken]);
  } catch {
    // The next turn tells what is wrong with the database; it must not come at once.
    await timing.sleep(Math.max(0, pauseMs - (timing.steadyMs() - start)), woken);
  }
}
