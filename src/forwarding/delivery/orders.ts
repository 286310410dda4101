import type { Database } from "../../database/database.ts";
import type { KeepBooks } from "../../database/leases.ts";
import { plainColumns, type PlainEvent } from "../../database/event-columns.ts";
import type { DeadLetterOrder, Destination } from "../destinations/destination.ts";
import { type DeadLetter, deadLettersAfter, dropDeadLetters, findDeadLetter, noteDeadLetter } from "./dead-letters.ts";

export interface OrderParts {
  readonly db: Database;
  now(): number;
  /** Sends one event. Why it was refused, undefined where it was taken. */
  send(event: PlainEvent): Promise<string | undefined>;
}

const lettersMax = 100;

/** Does with dead letters what was ordered behind that order. Gives the last one that is done. */
export async function carryOutOrders(
  parts: OrderParts,
  destination: Destination,
  doneBefore: number,
  keepBooks: KeepBooks,
): Promise<number> {
  let done = doneBefore;
  for (const order of destination.orders.filter(({ id }) => id > doneBefore)) {
    if (order.does === "drop") await dropDeadLetters(keepBooks, destination, order.event);
    else await resend(parts, destination, order, keepBooks);
    done = order.id;
  }
  return done;
}

async function resend(
  parts: OrderParts,
  destination: Destination,
  { event }: DeadLetterOrder,
  keepBooks: KeepBooks,
): Promise<void> {
  const { db } = parts;
  if (event !== null) {
    const letter = await findDeadLetter(db, destination, event);
    if (letter !== undefined) await resendOne(parts, destination, letter, keepBooks);
    return;
  }
  for (let after = 0; ;) {
    const letters = await deadLettersAfter(db, destination, after, lettersMax);
    for (const letter of letters) await resendOne(parts, destination, letter, keepBooks);
    const last = letters.at(-1);
    if (last === undefined) return;
    after = last.event_id;
  }
}

async function resendOne(
  { db, now, send }: OrderParts,
  destination: Destination,
  letter: DeadLetter,
  keepBooks: KeepBooks,
): Promise<void> {
  const event = await db.selectFrom("event").select(plainColumns).where("id", "=", letter.event_id).executeTakeFirst();
  const why = event === undefined ? undefined : await send(event);
  if (why === undefined) await dropDeadLetters(keepBooks, destination, letter.event_id);
  else {
    const { format } = destination;
    await noteDeadLetter(keepBooks, destination, { ...letter, why, tries: letter.tries + 1, format, noted: now() });
  }
}
