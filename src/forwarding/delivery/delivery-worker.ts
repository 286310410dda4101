import type { Database } from "../../database/database.ts";
import { type GrowthWatch, positionAt, restUntilGrown } from "../../following/follow.ts";
import type { Worker } from "../../following/worker.ts";
import type { Secrets } from "../../secrets/secrets.ts";
import { findActive, type OpenDestination, openDestination } from "../destinations/destination-queries.ts";
import type { Destination } from "../destinations/destination.ts";
import type { Receiver } from "../transports/receiver.ts";
import { type DeliverySessionParts, DeliverySession } from "./delivery-session.ts";
import { readDeliveryPosition } from "./position.ts";

export interface DeliveryWorkerParts extends DeliverySessionParts {
  readonly secrets: Secrets;
  readonly watch: GrowthWatch;
  /** Makes what sends to a destination. Throws what is wrong with its settings. */
  openReceiver(destination: OpenDestination): Promise<Receiver>;
}

/** After the first failure; doubled with each further one. */
const pauseMs = 1_000;
const backOffMsMax = 5 * 60_000;

/** The worker of a destination. */
export function deliveryWorker(parts: DeliveryWorkerParts, destination: Destination): Worker {
  const { db, secrets, watch, timing } = parts;
  const { name } = destination;
  let current = destination;
  let session: DeliverySession | undefined;

  const close = async (): Promise<void> => {
    const open = session;
    session = undefined;
    await open?.[Symbol.asyncDispose]();
  };
  const open = async (): Promise<Receiver> => parts.openReceiver(await openDestination(db, secrets, name));
  return {
    name: deliveryName(name),
    runs: "once",
    pauseMs,
    backOffMsMax,
    isEager: true,
    complaint: `cannot deliver to destination '${name}': its events wait`,
    async turn(turn) {
      session ??= await DeliverySession.begin(parts, current, open);
      const rest = await session.step(turn);
      if (rest !== "stale") return rest;
      // Sooner than this worker is replaced: the very next event is sent as the change says.
      await close();
      const changed = await findActive(db, current);
      current = changed ?? current;
      return changed === undefined ? "until woken" : "more";
    },
    release: close,
    async rest(ms, woken) {
      const at = session?.position.event_id;
      await (at === undefined ? timing.sleep(ms, woken) : restUntilGrown({ watch, timing }, async () => at, ms, woken));
    },
    position: () => positionOf(db, current),
  };
}

/** The name of a destination's worker. */
export function deliveryName(destination: string): string {
  return `deliver ${destination}`;
}

async function positionOf(db: Database, destination: Destination) {
  const position = await readDeliveryPosition(db, destination);
  return position === undefined ? undefined : positionAt(db, position.event_id);
}
