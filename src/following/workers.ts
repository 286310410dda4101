import os from "node:os";
import type { Database } from "../database/database.ts";
import { UnusableDatabase } from "../database/failures.ts";
import type { SharedLeases, StoredLease } from "../database/leases.ts";
import { leaseForAll } from "./lease-for-all.ts";
import { Leases } from "./lease.ts";
import { RunningWorker, type WorkerLog } from "./running-worker.ts";
import { realTiming } from "./timing.ts";
import type { Position, Progress, Runs, Timing, Worker, WorkerStatus } from "./worker.ts";

/** A server as operators recognise it. */
export interface ServerName {
  readonly host: string;
  readonly pid: number;
  /** Where it listens; null before it does. */
  readonly address: string | null;
}

/** A worker as it is shown: of one that runs `once`, how its holder tells of it, whichever server is asked. */
export interface ShownWorker extends WorkerStatus {
  readonly name: string;
  readonly runs: Runs;
  /** Which server does it, since when in microseconds; null where none does at the moment. */
  readonly holder: (ServerName & { readonly since: number; readonly isThisServer: boolean }) | null;
  /** Why this server can't do it. */
  readonly unfit: string | null;
  readonly position: Position | null;
}

export interface WorkersParts {
  readonly db: Database;
  /** Undefined where one server alone can use the database. */
  readonly leases: SharedLeases | undefined;
  readonly log: WorkerLog;
  readonly timing?: Timing;
}

/** What a server's workers can be asked by others, and how those come and go that belong to what people configure. */
export interface WorkerDesk {
  list(): Promise<readonly ShownWorker[]>;
  /** Asks for a worker's work to be done soon, on whichever server does it. */
  request(name: string): Promise<void>;
  /** How far the turn is that somebody does now or was asked for; undefined if nobody is. */
  progress(name: string): Promise<Progress | undefined>;
  /** Adds a worker, which begins with the others or, after the start, at once. */
  add(worker: Worker): void;
  /** Stops a worker and forgets it. Returns after its turn in flight. */
  remove(name: string): Promise<void>;
}

/** A server without workers: for those who only look at the operations. */
export const noWorkers: WorkerDesk = {
  list: async () => [],
  request: async () => {},
  progress: async () => undefined,
  add() {},
  async remove() {},
};

/** All workers of a server. */
export class Workers implements WorkerDesk, AsyncDisposable {
  readonly #parts: Required<Omit<WorkersParts, "leases">>;
  readonly #leases: Leases | undefined;
  readonly #leasesWorker: RunningWorker | undefined;
  readonly #running = new Map<string, RunningWorker>();
  readonly #since: number;
  #address: string | null = null;
  #isStopping = false;

  constructor({ db, leases, log, timing = realTiming }: WorkersParts) {
    this.#parts = { db, log, timing };
    this.#since = timing.now();
    if (leases === undefined) return;
    this.#leases = new Leases(leases, timing, () => JSON.stringify(this.#name));
    const lease = leaseForAll(db, this.#since);
    this.#leasesWorker = new RunningWorker(this.#leases.worker, { lease, log, timing });
  }

  add(worker: Worker): void {
    const { db, log, timing } = this.#parts;
    const { name } = worker;
    if (this.#running.has(name)) throw new Error(`there are two workers '${name}'`);
    const isShared = this.#leases !== undefined && worker.runs === "once" && worker.unfit === undefined;
    const lease = isShared
      ? this.#leases.want(
          worker,
          () => JSON.stringify(this.#get(name).status),
          () => this.#get(name).request(),
        )
      : leaseForAll(db, this.#since);
    const running = new RunningWorker(worker, { lease, log, timing });
    this.#running.set(name, running);
    if (this.#address !== null && !this.#isStopping) running.start();
  }

  async remove(name: string): Promise<void> {
    const running = this.#running.get(name);
    this.#running.delete(name);
    await running?.stop();
    await this.#leases?.unwant(name);
  }

  /** Begins all, with the leases that are free. `address` is where this server listens. */
  async start(address: string): Promise<void> {
    this.#address = address;
    if (this.#leases !== undefined) {
      // What else stands in the way is the first turn's to tell.
      await this.#leases.takeFree().catch(refuseDenied);
      this.#leasesWorker?.start();
    }
    for (const running of this.#running.values()) running.start();
  }

  async request(name: string): Promise<void> {
    const running = this.#get(name);
    if (this.#leases === undefined || this.#leases.holds(name)) running.request();
    else await this.#leases.request(name);
  }

  async progress(name: string): Promise<Progress | undefined> {
    const running = this.#get(name);
    const begins = { done: 0, size: 0 };
    if (this.#leases === undefined || this.#leases.holds(name)) {
      return running.status.progress ?? (running.isRequested ? begins : undefined);
    }
    const stored = (await this.#leases.read()).find((lease) => lease.name === name);
    if (stored === undefined) return undefined;
    return statusOf(stored)?.progress ?? (stored.isRequested ? begins : undefined);
  }

  async list(): Promise<readonly ShownWorker[]> {
    // Where the leases can't be read, their worker's trouble says why.
    const stored = (await this.#leases?.read().catch(() => [])) ?? [];
    const running = [...(this.#leasesWorker === undefined ? [] : [this.#leasesWorker]), ...this.#running.values()];
    return Promise.all(
      running.map((one) =>
        this.#show(
          one,
          stored.find(({ name }) => name === one.worker.name),
        ),
      ),
    );
  }

  /** Stops all but those that stop last: nothing is recorded by a worker after that. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const all = [...this.#running.values()];
    await Promise.all(all.filter(({ worker }) => worker.stopsLast !== true).map((running) => running.stop()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await Promise.all([...this.#running.values()].map((running) => running.stop()));
    await this.#leasesWorker?.stop();
    await this.#leases?.[Symbol.asyncDispose]();
  }

  get #name(): ServerName {
    return { host: os.hostname(), pid: process.pid, address: this.#address };
  }

  #get(name: string): RunningWorker {
    const running = this.#running.get(name);
    if (running === undefined) throw new Error(`there is no worker '${name}'`);
    return running;
  }

  async #show(running: RunningWorker, stored: StoredLease | undefined): Promise<ShownWorker> {
    const { name, runs, unfit = null } = running.worker;
    const { status } = running;
    const own = { ...this.#name, since: this.#since, isThisServer: true };
    const position = (await running.worker.position?.()) ?? null;
    const shown = { name, runs, unfit, position, ...status };
    if (runs === "everyServer" || this.#leases === undefined) return { ...shown, holder: unfit === null ? own : null };
    if (this.#leases.holds(name)) return { ...shown, holder: { ...own, since: this.#leases.since(name) ?? own.since } };
    if (stored === undefined || !stored.isHeld) return { ...shown, holder: null };
    const holder = { ...serverOf(stored), since: stored.since ?? 0, isThisServer: false };
    return { ...shown, ...statusOf(stored), holder };
  }
}

/** As another server has told it: one of this version, since all use the same tables. */
function statusOf({ status, isHeld }: StoredLease): WorkerStatus | undefined {
  return status === null || !isHeld ? undefined : (JSON.parse(status) as WorkerStatus);
}

function serverOf({ holder }: StoredLease): ServerName {
  return JSON.parse(holder ?? `{"host":"unknown","pid":0,"address":null}`) as ServerName;
}

/** A server that may not write what the workers need would never sign, and say so to nobody who doesn't look. */
function refuseDenied(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "42501")) return;
  const mend = "run ironlog migrate --grant ROLE as the owner of the tables, with this server's role";
  throw new UnusableDatabase(`the role that serves may not write the tables of workers (${error.message}): ${mend}`, {
    cause: error,
  });
}
