import { proxyVariables } from "../config.ts";
import { watchLog } from "../events/streaming/log-watch.ts";
import { configuredWorkers } from "../following/configured-workers.ts";
import { realTiming } from "../following/timing.ts";
import type { ServedSlice, SliceContext } from "../slice.ts";
import { deliveryWorker, type DeliveryWorkerParts } from "./delivery/delivery-worker.ts";
import { receiverOpener } from "./delivery/open-receiver.ts";
import { pauseRestored } from "./delivery/pause-restored.ts";
import { testDelivery } from "./delivery/test-delivery.ts";
import { deadLetterOperations } from "./destinations/dead-letter-operations.ts";
import { destinationGauges } from "./destinations/destination-gauges.ts";
import { destinationOperations } from "./destinations/destination-operations.ts";
import { listDestinations } from "./destinations/destination-queries.ts";

/** Destinations in a server. */
export async function servedForwarding({ workers, server }: SliceContext): Promise<ServedSlice> {
  if (server === undefined) return { native: [...destinationOperations({ workers }), ...deadLetterOperations] };
  const { db, secrets, machine: actor } = server;
  const { listensAt } = server;
  const openReceiver = receiverOpener({ db, listensAt, environment: proxyVariables() });
  const parts: DeliveryWorkerParts = { db, secrets, actor, watch: watchLog(db), timing: realTiming, openReceiver };
  const test = testDelivery(secrets, openReceiver);
  return {
    native: [...destinationOperations({ workers, secrets, test }), ...deadLetterOperations],
    gaugesOf: destinationGauges(db, workers),
    workers: [
      configuredWorkers({
        name: "destinations",
        complaint: "cannot tell which destinations there are: events are sent as before",
        db,
        desk: workers,
        prepare: () => pauseRestored(db, actor),
        list: async () => (await listDestinations(db)).filter(({ paused }) => paused === null),
        workerOf: (destination) => deliveryWorker(parts, destination),
      }),
    ],
  };
}
