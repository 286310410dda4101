import type { QueryCreator, Transaction } from "kysely";
import type { Tx } from "../../audit/action.ts";
import type { Database } from "../../database/database.ts";
import type { KeepBooks } from "../../database/leases.ts";
import type { BookkeepingTables } from "../../database/tables.ts";
import type { Destination } from "../destinations/destination.ts";
import type { DeadLetterTable, DestinationPositionTable } from "../tables.ts";

type Followed = Pick<Destination, "id" | "startsAfter" | "startNumber">;

/** How far a destination is. */
export type DeliveryPosition = Omit<DestinationPositionTable, "destination_id" | "start_number">;

const noHash = new Uint8Array();
const noPace = { minute: 0, minute_delivered: 0, last_minute_delivered: 0 };
const minuteMicros = 60_000_000;

type Pace = Pick<DestinationPositionTable, keyof typeof noPace>;

/** How many were acknowledged minute by minute, with so many more at a time in microseconds. */
export function paceWith(pace: Pace, count: number, now: number): Pace {
  const minute = Math.floor(now / minuteMicros);
  const { last_minute_delivered: last, minute_delivered: delivered } = pace;
  if (minute === pace.minute) return { minute, minute_delivered: delivered + count, last_minute_delivered: last };
  const before = minute === pace.minute + 1 ? delivered : 0;
  return { minute, minute_delivered: count, last_minute_delivered: before };
}

/** How far a destination is: at its beginning where it has not begun, or where it was told to begin again. */
export async function readDeliveryPosition(db: Database, destination: Followed): Promise<DeliveryPosition | undefined> {
  const row = await findRow(db, destination);
  if (row === undefined) return undefined;
  const { destination_id: _, start_number: startNumber, ...position } = row;
  if (startNumber === destination.startNumber) return position;
  // What it has got stays counted, and what was ordered is done.
  return { ...position, ...beginningOf(destination), receipt_at: position.receipt_at };
}

/** Where a destination begins. */
export function firstPosition(destination: Followed, now: number): DeliveryPosition {
  const nothing = {
    delivered: 0,
    ...noPace,
    delivered_at: null,
    failing_since: null,
    last_error: null,
    stalled_at: null,
  };
  return { ...nothing, ...beginningOf(destination), receipt_at: now, orders_done: 0 };
}

function beginningOf({ startsAfter }: Followed) {
  return {
    event_id: startsAfter,
    leaf_hash: noHash,
    receipt_id: startsAfter,
    receipt_hash: noHash,
    since_receipt: 0,
  };
}

/** What became of events that may be dead letters. */
export interface SettledLetters {
  readonly refused: readonly Omit<DeadLetterTable, "destination_id">[];
  /** Ids of those that were acknowledged, in their order: they are no dead letters any more. */
  readonly taken: readonly number[];
}

/** Notes how far a destination is, and what it refused; all of it or nothing. */
export function moveDeliveryPosition(
  keepBooks: KeepBooks,
  { id, startNumber }: Followed,
  position: DeliveryPosition,
  { refused, taken }: SettledLetters = { refused: [], taken: [] },
): Promise<void> {
  return keepBooks(async (tx) => {
    const row = { ...position, start_number: startNumber };
    await tx
      .insertInto("destination_position")
      .values({ destination_id: id, ...row })
      .onConflict((conflict) => conflict.column("destination_id").doUpdateSet(row))
      .execute();
    await dropTaken(tx, id, taken);
    for (const letter of refused) {
      await tx
        .insertInto("dead_letter")
        .values({ destination_id: id, ...letter })
        .onConflict((conflict) => conflict.columns(["destination_id", "event_id"]).doUpdateSet(letter))
        .execute();
    }
  });
}

/** Up to which event a destination has all that it should, for the log. */
export async function deliveredTo(tx: Tx, destination: Followed) {
  const row = await findRow(tx.withTables<Pick<BookkeepingTables, "destination_position">>(), destination);
  const isThere = row !== undefined && row.start_number === destination.startNumber && row.leaf_hash.length > 0;
  if (!isThere) return { delivered_to: destination.startsAfter, leaf_hash: null };
  return { delivered_to: row.event_id, leaf_hash: Buffer.from(row.leaf_hash).toString("base64") };
}

function findRow(
  db: Pick<QueryCreator<Pick<BookkeepingTables, "destination_position">>, "selectFrom">,
  { id }: Followed,
): Promise<DestinationPositionTable | undefined> {
  return db.selectFrom("destination_position").selectAll().where("destination_id", "=", id).executeTakeFirst();
}

async function dropTaken(tx: Transaction<BookkeepingTables>, destination: number, taken: readonly number[]) {
  const [first, last] = [taken[0], taken.at(-1)];
  if (first === undefined || last === undefined) return;
  const rows = await tx
    .selectFrom("dead_letter")
    .select("event_id")
    .where("destination_id", "=", destination)
    .where("event_id", ">=", first)
    .where("event_id", "<=", last)
    .execute();
  const known = new Set(taken);
  for (const { event_id: event } of rows.filter((row) => known.has(row.event_id))) {
    await tx
      .deleteFrom("dead_letter")
      .where("destination_id", "=", destination)
      .where("event_id", "=", event)
      .execute();
  }
}
