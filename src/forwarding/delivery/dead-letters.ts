import type { Database } from "../../database/database.ts";
import type { KeepBooks } from "../../database/leases.ts";
import type { Destination } from "../destinations/destination.ts";
import type { DeadLetterTable } from "../tables.ts";

export type DeadLetter = Omit<DeadLetterTable, "destination_id">;

/** Events that a destination refused for good, in the order of their ids, behind that one. */
export async function deadLettersAfter(
  db: Database,
  { id }: Pick<Destination, "id">,
  after: number,
  limit: number,
): Promise<readonly DeadLetter[]> {
  return db
    .selectFrom("dead_letter")
    .select(["event_id", "why", "tries", "format", "noted"])
    .where("destination_id", "=", id)
    .where("event_id", ">", after)
    .orderBy("event_id")
    .limit(limit)
    .execute();
}

export async function findDeadLetter(
  db: Database,
  { id }: Pick<Destination, "id">,
  event: number,
): Promise<DeadLetter | undefined> {
  return db
    .selectFrom("dead_letter")
    .select(["event_id", "why", "tries", "format", "noted"])
    .where("destination_id", "=", id)
    .where("event_id", "=", event)
    .executeTakeFirst();
}

/** How many each destination has, by its id. */
export async function countDeadLetters(db: Database): Promise<ReadonlyMap<number, number>> {
  const rows = await db
    .selectFrom("dead_letter")
    .select((eb) => ["destination_id", eb.fn.countAll<number | string>().as("count")])
    .groupBy("destination_id")
    .execute();
  return new Map(rows.map(({ destination_id: id, count }) => [id, Number(count)]));
}

/** Forgets those of these events; of all where none are given. */
export function dropDeadLetters(
  keepBooks: KeepBooks,
  { id }: Pick<Destination, "id">,
  event: number | null,
): Promise<void> {
  return keepBooks(async (tx) => {
    const all = tx.deleteFrom("dead_letter").where("destination_id", "=", id);
    await (event === null ? all : all.where("event_id", "=", event)).execute();
  });
}

/** Notes what became of a letter that was sent again. */
export function noteDeadLetter(
  keepBooks: KeepBooks,
  { id }: Pick<Destination, "id">,
  { event_id: event, ...letter }: DeadLetter,
): Promise<void> {
  return keepBooks(async (tx) => {
    await tx
      .updateTable("dead_letter")
      .set(letter)
      .where("destination_id", "=", id)
      .where("event_id", "=", event)
      .execute();
  });
}
