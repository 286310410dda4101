import { setTimeout as sleep } from "node:timers/promises";
import { perform } from "../../../src/audit/perform.ts";
import { refuseOperation } from "../../../src/audit/machine-actions.ts";
import type { Database } from "../../../src/database/database.ts";
import type { PlainEvent } from "../../../src/database/event-columns.ts";
import { watchLog } from "../../../src/events/streaming/log-watch.ts";
import { configuredWorkers } from "../../../src/following/configured-workers.ts";
import { Workers } from "../../../src/following/workers.ts";
import { deliveryWorker } from "../../../src/forwarding/delivery/delivery-worker.ts";
import { createDestination, type NewDestination } from "../../../src/forwarding/destinations/destination-actions.ts";
import type { Destination } from "../../../src/forwarding/destinations/destination.ts";
import { listDestinations } from "../../../src/forwarding/destinations/destination-queries.ts";
import { BatchRefused, type Delivered, type Receiver } from "../../../src/forwarding/transports/receiver.ts";
import { machine, now } from "../worlds/database-world.ts";

/** A receiver that does what a test tells it. */
export class FakeReceiver implements Receiver {
  batchMax = 10;
  /** Every batch that arrived, acknowledged or not. */
  readonly arrived: (readonly number[])[] = [];
  /** What was acknowledged. */
  readonly kept: number[] = [];
  opened = 0;
  closed = 0;
  /** Refuses a batch that holds one of these for good. */
  poison = new Set<number>();
  /** Refuses these alone, within a batch that it takes. */
  unwanted = new Set<number>();
  /** Throws in place of an acknowledgement. */
  fail: ((events: readonly PlainEvent[]) => Error | undefined) | undefined;

  async deliver(events: readonly PlainEvent[]): Promise<Delivered> {
    const ids = events.map(({ id }) => id);
    this.arrived.push(ids);
    const error = this.fail?.(events);
    if (error !== undefined) throw error;
    if (ids.some((id) => this.poison.has(id))) throw new BatchRefused("the receiver refuses this");
    const refused = ids.filter((id) => this.unwanted.has(id)).map((id) => ({ id, why: "not this one" }));
    this.kept.push(...ids.filter((id) => !this.unwanted.has(id)));
    return { taken: ids.length, refused };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closed += 1;
  }
}

/** A clock that a test sets, and pauses that end soon. */
export class FastTiming {
  nowMicros = now;
  readonly slept: number[] = [];
  now = (): number => this.nowMicros;
  steadyMs = (): number => performance.now();
  random = (): number => 0;
  sleep = async (ms: number, woken: AbortSignal): Promise<void> => {
    this.slept.push(ms);
    await sleep(1, undefined, { signal: woken }).catch(() => {});
  };
}

const quiet = { info() {}, error() {} };
/** Opens nothing. */
export const noSecrets = {
  seal: () => new Uint8Array(),
  open: () => undefined,
};

export async function record(db: Database, count: number, path = "/"): Promise<void> {
  const acts = Array.from({ length: count }, () => perform(db, machine, refuseOperation, { operation: "x", path }));
  await Promise.all(acts);
}

/** A destination of everything from the beginning, unless told otherwise. */
export function destinationTo(db: Database, more: Partial<NewDestination> = {}): Promise<Destination> {
  return perform(db, machine, createDestination, {
    uuid: crypto.randomUUID(),
    name: "siem",
    transport: "syslog",
    format: "json",
    settings: { url: "tcp://127.0.0.1:1" },
    secrets: {},
    filter: [],
    exclude: [],
    isPaused: false,
    startsAfter: 0,
    now,
    ...more,
  });
}

/** Delivers in a server's way until `work` is done. */
export async function delivering(
  db: Database,
  receiver: FakeReceiver,
  timing: FastTiming,
  work: (workers: Workers) => Promise<void>,
): Promise<void> {
  await using workers = new Workers({ db, leases: undefined, log: quiet, timing });
  const watch = watchLog(db);
  workers.add(watch.worker);
  const openReceiver = async (): Promise<Receiver> => {
    receiver.opened += 1;
    return receiver;
  };
  const parts = { db, secrets: noSecrets, actor: machine, watch, timing, openReceiver };
  workers.add(
    configuredWorkers({
      name: "destinations",
      complaint: "cannot tell which destinations there are",
      db,
      desk: workers,
      list: async () => (await listDestinations(db)).filter(({ paused }) => paused === null),
      workerOf: (destination) => deliveryWorker(parts, destination),
    }),
  );
  await workers.start("http://localhost");
  await work(workers);
}
