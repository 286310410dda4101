import type { Database } from "../../database/database.ts";
import { lastEventId } from "../../database/version-cache.ts";
import type { Worker } from "../../following/worker.ts";

/** How soon a new event is noticed. One small query for all who wait, however many they are. */
const pollMs = 250;
/** Those who wait while the database is away are told at least so often. */
const backOffMsMax = 1_000;

/** Forty looks that did not come. */
const staleMs = 10_000;

const watches = new WeakMap<Database, LogWatch>();

/** The one watch of this process on that log. */
export function watchLog(db: Database): LogWatch {
  const watch = watches.get(db) ?? new LogWatch(db);
  watches.set(db, watch);
  return watch;
}

interface Waiting {
  readonly beyondId: number;
  readonly resolve: (lastId: number) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Tells those who wait when something was recorded, by whichever server. Asks the database while anybody waits, once its
 * worker runs.
 */
export class LogWatch {
  readonly #db: Database;
  readonly #waiting = new Set<Waiting>();
  /** Since when somebody has waited without a look at the log. */
  #waitingSince = 0;
  #wake: () => void = () => {};
  #lastId = -1;
  /** When that was read. A log can get shorter, by a fail-over that loses events: what was read long ago tells nothing. */
  #readAt = -Infinity;

  constructor(db: Database) {
    this.#db = db;
  }

  readonly worker: Worker = {
    name: "log-watch",
    runs: "everyServer",
    pauseMs: pollMs,
    backOffMsMax,
    complaint: "could not look whether the log has grown",
    connect: (wake) => void (this.#wake = wake),
    turn: async () => {
      if (this.#waiting.size === 0) return "until woken";
      await this.#tell();
      return "pause";
    },
  };

  /** True if somebody waits, and nobody has looked for so long that live pages show an old log. */
  get isStale(): boolean {
    const lookedAt = Math.max(this.#readAt, this.#waitingSince);
    return this.#waiting.size > 0 && performance.now() - lookedAt > staleMs;
  }

  /**
   * The id of the last event, as soon as it is beyond `id`; `id` itself when the time is up or a signal is aborted.
   *
   * Throws where the database can't be asked.
   */
  async growBeyond(id: number, timeoutMs: number, signals: readonly AbortSignal[]): Promise<number> {
    if (signals.some(({ aborted }) => aborted)) return id;
    if (this.#lastId > id && performance.now() - this.#readAt < pollMs) return this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const waiting = { beyondId: id, resolve, reject };
    const giveUp = (): void => resolve(id);
    const timer = setTimeout(giveUp, timeoutMs);
    for (const signal of signals) signal.addEventListener("abort", giveUp);
    this.#waiting.add(waiting);
    if (this.#waiting.size === 1) {
      this.#waitingSince = performance.now();
      this.#wake();
    }
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener("abort", giveUp);
      this.#waiting.delete(waiting);
    }
  }

  async #tell(): Promise<void> {
    try {
      this.#lastId = await lastEventId(this.#db);
      this.#readAt = performance.now();
    } catch (error) {
      for (const { reject } of this.#waiting) reject(error);
      throw error;
    }
    for (const { beyondId, resolve } of this.#waiting) {
      if (this.#lastId > beyondId) resolve(this.#lastId);
    }
  }
}
