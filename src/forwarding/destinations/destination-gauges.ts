import type { Database } from "../../database/database.ts";
import type { WorkerDesk } from "../../following/workers.ts";
import { sharedLook } from "../../http/shared-look.ts";
import type { SliceGaugeOf } from "../../slice.ts";
import { listDestinations } from "./destination-queries.ts";
import { shownDestinations } from "./destination-state.ts";

type Shown = Awaited<ReturnType<typeof shownDestinations>>[number];

/** How each destination is doing, for Prometheus. */
export function destinationGauges(db: Database, workers: WorkerDesk): readonly SliceGaugeOf[] {
  const look = sharedLook(async () => shownDestinations(db, workers, await listDestinations(db)));
  const gauge = (name: string, help: string, valueOf: (destination: Shown) => number | undefined): SliceGaugeOf => [
    "destination",
    `ironlog_destination_${name}`,
    help,
    async () =>
      new Map(
        (await look()).flatMap((destination): [string, number][] => {
          const value = valueOf(destination);
          return value === undefined ? [] : [[destination.name, value]];
        }),
      ),
  ];
  return [
    gauge("enabled", "1 unless the destination is paused.", ({ is_enabled: isEnabled }) => Number(isEnabled)),
    gauge("good", "1 while a server delivers to it without trouble.", ({ state }) => Number(state === "delivering")),
    gauge("behind_events", "Events of the log that it hasn't got.", ({ behind }) => behind),
    gauge(
      "behind_seconds",
      "How old the first of these is; 0 where there is none.",
      ({ behind_seconds: age }) => age ?? 0,
    ),
    gauge("delivered_events", "Events that it has acknowledged, repeats included.", ({ delivered }) => delivered),
    gauge("dead_letters", "Events that it refused for good.", ({ dead_letters: letters }) => letters),
    gauge("last_delivery_seconds", "When it acknowledged last, in seconds since 1970 UTC.", ({ delivered_at: at }) =>
      at === null ? undefined : Date.parse(at) / 1_000,
    ),
  ];
}
