import type { Database } from "../../database/database.ts";
import type { EventTable } from "../../database/tables.ts";
import type { Destination } from "../destinations/destination.ts";
import type { DeliveryPosition } from "./position.ts";

type At = Pick<DeliveryPosition, "event_id" | "leaf_hash">;

interface NextEvents {
  readonly events: readonly EventTable[];
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

/** Undefined where the log doesn't have that event. */
async function eventsBehind(db: Database, { event_id, leaf_hash }: At, limit: number) {
  // Nothing was sent yet: there is no event that must be the same.
  const isBeginning = leaf_hash.length === 0;
  const rows = await db
    .selectFrom("event")
    .selectAll()
    .where("id", isBeginning ? ">" : ">=", event_id)
    .orderBy("id")
    .limit(isBeginning ? limit : limit + 1)
    .execute();
  if (isBeginning) return rows;
  const [at, ...after] = rows;
  return at?.id === event_id && Buffer.from(at.leaf_hash).equals(leaf_hash) ? after : undefined;
}
