import {
  type KeepBooks,
  leaseSilenceMs,
  type LeaseSession,
  type SharedLeases,
  type StoredLease,
} from "../database/leases.ts";
import { Mutex } from "../database/writing/mutex.ts";
import type { Timing, Worker } from "./worker.ts";

/** A third of the silence that ends the session: two beats may be lost. */
const beatMs = 3_000;
/** How soon a lease that somebody lost is noticed to be free. */
const lookMs = 1_000;
const backOffMsMax = 3_000;

/** A lease as its holder has it. */
export interface Held {
  /** Microseconds. */
  readonly since: number;
  /** Aborted when it is no longer held. */
  readonly lost: AbortSignal;
  readonly keepBooks: KeepBooks;
}

/** The lease of one worker. */
export interface LeaseOf {
  held(): Held | undefined;
  /** Tries to take it now; undefined where another server holds it or nobody can say. */
  take(): Promise<Held | undefined>;
  /** Asks what other servers have asked for. */
  learnRequests(): Promise<void>;
  /** Whatever was asked for until now has been done. */
  answer(): void;
  /** True if another server held it when it was last tried. */
  isElsewhere(): boolean;
  /** Lets it go and doesn't want it for so long: another server may do better. */
  restFor(ms: number): void;
}

/** What a server tells others of a worker whose lease it wants. */
interface Wanted {
  readonly status: () => string;
  readonly defersTo: string | undefined;
  /** Another server has asked for the work. */
  readonly requested: () => void;
  held: (Held & { readonly controller: AbortController }) | undefined;
  isElsewhere: boolean;
  isDeferred: boolean;
  /** Steady milliseconds; it isn't taken before. */
  restsUntil: number;
  /** Requests of other servers: those that are known, and those that have been met. */
  requests: number;
  answered: number;
}

/**
 * The leases of this server, all over one connection of its own. It beats, so that the database doesn't take it for frozen;
 * its end is the end of all of them.
 */
export class Leases implements AsyncDisposable {
  readonly #shared: SharedLeases;
  readonly #timing: Timing;
  readonly #holder: () => string;
  readonly #taking = new Mutex();
  readonly #wanted = new Map<string, Wanted>();
  #session: LeaseSession | undefined;
  /** When the last statement was sent that was answered. */
  #aliveAt = -Infinity;
  #beatAt = -Infinity;

  /** `holder` is how this server is shown to others. */
  constructor(shared: SharedLeases, timing: Timing, holder: () => string) {
    this.#shared = shared;
    this.#timing = timing;
    this.#holder = holder;
  }

  /** Takes what is free and beats. */
  readonly worker: Worker = {
    name: "leases",
    runs: "everyServer",
    pauseMs: lookMs,
    backOffMsMax,
    isEager: true,
    complaint: "could not hold or take leases: other servers may do this one's work meanwhile",
    turn: async () => {
      try {
        await this.takeFree();
        await this.#beatIfDue();
      } catch (error) {
        // Nobody knows what it still holds.
        await this.#end();
        throw error;
      }
      return "pause";
    },
  };

  want({ name, defersTo }: Worker, status: () => string, requested: () => void): LeaseOf {
    const nothing = {
      held: undefined,
      isElsewhere: false,
      isDeferred: false,
      restsUntil: -Infinity,
      requests: 0,
      answered: 0,
    };
    const wanted: Wanted = { status, requested, defersTo, ...nothing };
    this.#wanted.set(name, wanted);
    return {
      held: () => this.#held(wanted),
      take: async () => {
        await this.takeFree().catch(() => this.#end());
        return this.#held(wanted);
      },
      learnRequests: async () => {
        if (this.#session !== undefined) await this.#beat(this.#session);
      },
      answer: () => void (wanted.answered = wanted.requests),
      isElsewhere: () => wanted.isElsewhere,
      restFor: (ms) => void this.#letGo(name, wanted, ms),
    };
  }

  /** Lets a lease go for good. */
  async unwant(name: string): Promise<void> {
    // Not while it is being taken: nobody would let go of it then.
    const release = await this.#taking.acquire();
    try {
      const wanted = this.#wanted.get(name);
      this.#wanted.delete(name);
      if (wanted !== undefined) await this.#letGo(name, wanted, 0);
    } finally {
      release();
    }
  }

  /** What all servers have written down. */
  read(): Promise<readonly StoredLease[]> {
    return this.#shared.read();
  }

  /** Asks whichever server holds the lease, or will. */
  request(name: string): Promise<void> {
    return this.#shared.request(name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
  }

  /** A server that was frozen for so long has lost it, though the news hasn't come yet. */
  #held(wanted: Wanted): Held | undefined {
    return this.#timing.steadyMs() - this.#aliveAt < leaseSilenceMs ? wanted.held : undefined;
  }

  /** True if this server holds the lease of that name. */
  holds(name: string): boolean {
    return this.since(name) !== undefined;
  }

  /** Since when this server holds it, in microseconds; undefined if it doesn't. */
  since(name: string): number | undefined {
    const wanted = this.#wanted.get(name);
    return wanted === undefined ? undefined : this.#held(wanted)?.since;
  }

  /** Tries to take all that is wanted and not held. */
  async takeFree(): Promise<void> {
    // One at a time: two sessions would each hold some, and a lock that was taken twice would have to be let go twice.
    const release = await this.#taking.acquire();
    try {
      await this.#takeFree();
    } finally {
      release();
    }
  }

  async #takeFree(): Promise<void> {
    await this.#leaveDeferred();
    const now = this.#timing.steadyMs();
    const free = [...this.#wanted].filter(
      ([, { held, restsUntil, isDeferred }]) => held === undefined && restsUntil <= now && !isDeferred,
    );
    if (free.length === 0) return;
    const session = this.#session ?? (await this.#open());
    const askedAt = this.#timing.steadyMs();
    const names = free.map(([name]) => name);
    const taken = await session.take(names, this.#holder());
    if (this.#session !== session) return;
    this.#aliveAt = askedAt;
    for (const [name, wanted] of free) {
      wanted.isElsewhere = !taken.includes(name);
      if (wanted.isElsewhere) continue;
      const controller = new AbortController();
      const { signal: lost } = controller;
      wanted.held = { controller, since: this.#timing.now(), lost, keepBooks: boundTo(lost, session) };
    }
    // At once, so that nobody reads what an earlier holder has told.
    if (taken.length > 0) await this.#beat(session);
  }

  /** Leaves what another server should do instead, which does what this one defers to. */
  async #leaveDeferred(): Promise<void> {
    const deferring = [...this.#wanted].filter(([, { defersTo }]) => defersTo !== undefined);
    if (deferring.length === 0) return;
    const stored = await this.#shared.read();
    for (const [name, wanted] of deferring) {
      const { defersTo = "" } = wanted;
      wanted.isDeferred = !this.holds(defersTo) && stored.some((other) => other.name === defersTo && other.isHeld);
      if (!wanted.isDeferred) continue;
      wanted.isElsewhere = true;
      await this.#letGo(name, wanted, 0);
    }
  }

  async #open(): Promise<LeaseSession> {
    const loss = new AbortController();
    const { signal: lost } = loss;
    const session = await this.#shared.open(() => loss.abort());
    if (lost.aborted) throw new Error("the connection for leases broke as it was made");
    lost.addEventListener("abort", () => {
      if (this.#session === session) this.#forget();
    });
    this.#session = session;
    return session;
  }

  async #beatIfDue(): Promise<void> {
    const session = this.#session;
    if (session !== undefined && this.#timing.steadyMs() - this.#beatAt >= beatMs) await this.#beat(session);
  }

  async #beat(session: LeaseSession): Promise<void> {
    const sentAt = this.#timing.steadyMs();
    const holding = [...this.#wanted].filter(([, { held }]) => held !== undefined);
    const requests = await session.beat(
      holding.map(([name, { status, answered }]) => ({ name, status: status(), answered })),
    );
    if (this.#session !== session) return;
    this.#aliveAt = this.#beatAt = sentAt;
    for (const { name, requested, answered } of requests) {
      const wanted = this.#wanted.get(name);
      if (wanted === undefined || requested <= Math.max(answered, wanted.requests)) continue;
      wanted.requests = requested;
      wanted.requested();
    }
  }

  async #letGo(name: string, wanted: Wanted, ms: number): Promise<void> {
    wanted.restsUntil = this.#timing.steadyMs() + ms;
    if (wanted.held === undefined) return;
    wanted.held.controller.abort();
    wanted.held = undefined;
    await this.#session?.release(name).catch(() => this.#end());
  }

  async #end(): Promise<void> {
    const session = this.#session;
    this.#forget();
    try {
      await session?.[Symbol.asyncDispose]();
    } catch {
      // It is gone all the same.
    }
  }

  #forget(): void {
    this.#session = undefined;
    this.#aliveAt = this.#beatAt = -Infinity;
    for (const wanted of this.#wanted.values()) {
      wanted.held?.controller.abort();
      wanted.held = undefined;
      wanted.requests = wanted.answered = 0;
    }
  }
}

/**
 * Writes for as long as the lease is held. The session may outlive it, where one lease of several was let go; that waits for a
 * transaction which is open, so what is true before its commit is true at its commit.
 */
function boundTo(lost: AbortSignal, session: LeaseSession): KeepBooks {
  const refuseLost = (): void => {
    if (lost.aborted) throw new Error("the lease was lost: another server may do this work now");
  };
  return (work) =>
    session.keepBooks(async (tx) => {
      refuseLost();
      const result = await work(tx);
      refuseLost();
      return result;
    });
}
