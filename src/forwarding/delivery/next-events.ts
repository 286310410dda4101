import type { Database } from "../../database/database.ts";
import { plainColumns, type PlainEvent } from "../../database/event-columns.ts";
import type { Destination } from "../destinations/destination.ts";
import type { DeliveryPosition } from "./position.ts";

type At = Pick<DeliveryPosition, "event_id" | "leaf_hash">;

interface NextEvents {
  readonly events: readonly PlainEvent[];
  /** Where they come after, if that isn't the position. */
  readonly from?: At;
}

/**
 * The events behind a position. Where the log has another event at that place, as after a fail-over that lost some, what was sent since
 * the last receipt is sent again: what took its place was never sent.
 */
export async function nextEvents(
  db: Database,
  { startsAfter }: Pick<Destination, "startsAfter">,
  position: DeliveryPosition,
  limit: number,
): Promise<NextEvents> {
  const events = await eventsBehind(db, position, limit);
  if (events !== undefined) return { events };
  const receipt = { event_id: position.receipt_id, leaf_hash: position.receipt_hash };
  const sinceReceipt = await eventsBehind(db, receipt, limit);
  if (sinceReceipt !== undefined) return { events: sinceReceipt, from: receipt };
  const beginning = { event_id: startsAfter, leaf_hash: new Uint8Array() };
  return { events: (await eventsBehind(db, beginning, limit)) ?? [], from: beginning };
}

/** Events that were read a moment ago, one behind the other. */
interface Read {
  readonly at: number;
  readonly rows: readonly PlainEvent[];
}

/** Several destinations that are at about the same place read the same events at about the same time. */
const lastReads = new WeakMap<Database, WeakRef<Read>>();
const sharedMs = 1_000;

/** Undefined where the log doesn't have that event. */
async function eventsBehind(db: Database, position: At, limit: number): Promise<readonly PlainEvent[] | undefined> {
  const shared = findShared(db, position, limit);
  if (shared !== undefined) return shared;
  const { event_id, leaf_hash } = position;
  // Nothing was sent yet: there is no event that must be the same.
  const isBeginning = leaf_hash.length === 0;
  const rows = await db
    .selectFrom("event")
    .select(plainColumns)
    .where("id", isBeginning ? ">" : ">=", event_id)
    .orderBy("id")
    .limit(isBeginning ? limit : limit + 1)
    .execute();
  lastReads.set(db, new WeakRef({ at: performance.now(), rows }));
  if (isBeginning) return rows;
  const [first, ...after] = rows;
  return isAt(first, position) ? after : undefined;
}

function findShared(db: Database, position: At, limit: number): readonly PlainEvent[] | undefined {
  const { at = -Infinity, rows = [] } = lastReads.get(db)?.deref() ?? {};
  if (performance.now() - at > sharedMs) return undefined;
  // Ids have no gaps.
  const place = position.event_id - (rows[0]?.id ?? Infinity);
  if (!isAt(rows[place], position)) return undefined;
  const after = rows.slice(place + 1, place + 1 + limit);
  return after.length === 0 ? undefined : after;
}

function isAt(event: PlainEvent | undefined, { event_id, leaf_hash }: At): boolean {
  return event !== undefined && event.id === event_id && Buffer.from(event.leaf_hash).equals(leaf_hash);
}
