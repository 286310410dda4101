import { sharedLook } from "../http/shared-look.ts";
import { rfc3339Micros } from "../time.ts";
import type { ShownWorker, WorkerDesk } from "./workers.ts";

/** One line each for `/readyz`: the state alone, or with the server that does it, reasons and numbers. */
export function describeWorkers(workers: readonly ShownWorker[], isDetailed: boolean): readonly string[] {
  // What such a name goes on with is what an administrator has called something.
  const shown = isDetailed ? workers : workers.filter(({ name }) => !name.includes(" "));
  return shown.map((worker) => `worker ${worker.name}: ${stateOf(worker)}${isDetailed ? detailsOf(worker) : ""}`);
}

function stateOf({ state }: ShownWorker): string {
  return state === "failing" || state === "gave_up" ? state.toUpperCase().replace("_", " ") : state;
}

function detailsOf({ runs, holder, unfit, trouble, turns, failures, position }: ShownWorker): string {
  const parts = [
    ...(runs === "once" ? [holder === null ? "no server does it now" : `done by ${nameOf(holder)}`] : []),
    ...(unfit === null ? [] : [unfit]),
    ...(trouble === null ? [] : [`since ${rfc3339Micros(trouble.since)}: ${trouble.why}`]),
    `${turns} turns, ${failures} failed`,
    ...(position === null ? [] : [`at event ${position.cursor}, ${position.behind} behind`]),
  ];
  return `; ${parts.join("; ")}`;
}

function nameOf({ host, pid, address, isThisServer }: NonNullable<ShownWorker["holder"]>): string {
  return isThisServer ? "this server" : `${host}, process ${pid}, ${address ?? "not listening yet"}`;
}

type WorkerGauge = readonly [name: string, help: string, read: () => Promise<ReadonlyMap<string, number>>];

/** The same for Prometheus, with the worker's name as the label. */
export function workerGauges(desk: WorkerDesk): readonly WorkerGauge[] {
  const look = sharedLook(() => desk.list());
  const each = (valueOf: (worker: ShownWorker) => number | undefined) => async () => {
    const values = new Map<string, number>();
    for (const worker of await look()) {
      const value = valueOf(worker);
      if (value !== undefined) values.set(worker.name, value);
    }
    return values;
  };
  return [
    [
      "ironlog_worker_here",
      "1 if this server does the worker's work.",
      each(({ holder }) => Number(holder?.isThisServer === true)),
    ],
    [
      "ironlog_worker_good",
      "1 while a server does the work and has no trouble with it.",
      each(({ holder, trouble }) => Number(holder !== null && trouble === null)),
    ],
    ["ironlog_worker_turns", "Turns since the server that does it started.", each(({ turns }) => turns)],
    ["ironlog_worker_failures", "Turns that failed.", each(({ failures }) => failures)],
    [
      "ironlog_worker_last_turn_seconds",
      "When the last turn ended, in seconds since 1970 UTC.",
      each(({ lastTurn }) => (lastTurn === null ? undefined : lastTurn / 1_000_000)),
    ],
    [
      "ironlog_worker_behind_events",
      "Events that a worker which follows the log has still to do.",
      each(({ position }) => position?.behind),
    ],
  ];
}
