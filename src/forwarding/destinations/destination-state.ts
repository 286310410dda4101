import type { Database } from "../../database/database.ts";
import { lastEventId } from "../../database/version-cache.ts";
import type { ShownWorker, WorkerDesk } from "../../following/workers.ts";
import { nowMicros } from "../../time.ts";
import { countDeadLetters } from "../delivery/dead-letters.ts";
import { deliveryName } from "../delivery/delivery-worker.ts";
import { readDeliveryPosition } from "../delivery/position.ts";
import { type DestinationState, nativeDestination } from "./destination-schema.ts";
import type { Destination } from "./destination.ts";

/** Destinations as the API shows them. */
export async function shownDestinations(db: Database, workers: WorkerDesk, destinations: readonly Destination[]) {
  const [running, deadLetters, last] = await Promise.all([workers.list(), countDeadLetters(db), lastEventId(db)]);
  return Promise.all(
    destinations.map(async (destination) =>
      nativeDestination(destination, await stateOf(db, destination, { running, deadLetters, last })),
    ),
  );
}

/** One of them. */
export async function withState(db: Database, workers: WorkerDesk, destination: Destination) {
  const [shown] = await shownDestinations(db, workers, [destination]);
  return shown;
}

interface Known {
  readonly running: readonly ShownWorker[];
  readonly deadLetters: ReadonlyMap<number, number>;
  readonly last: number;
}

async function stateOf(
  db: Database,
  destination: Destination,
  { running, deadLetters, last }: Known,
): Promise<DestinationState> {
  const position = await readDeliveryPosition(db, destination);
  const next = (position?.event_id ?? destination.startsAfter) + 1;
  const first = await db.selectFrom("event").select("created").where("id", "=", next).executeTakeFirst();
  return {
    position,
    worker: running.find(({ name }) => name === deliveryName(destination.name)),
    deadLetters: deadLetters.get(destination.id) ?? 0,
    lastEventId: last,
    nextCreated: first?.created,
    now: nowMicros(),
  };
}
