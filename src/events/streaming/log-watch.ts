import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../../database/database.ts";
import { lastEventId } from "../../database/version-cache.ts";

/** How soon a new event is noticed. One small query for all who wait, however many they are. */
const pollMs = 250;

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

/** Tells those who wait when something was recorded, by whichever server. Asks the database while anybody waits. */
export class LogWatch {
  readonly #db: Database;
  readonly #waiting = new Set<Waiting>();
  #isPolling = false;
  #lastId = -1;

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * The id of the last event, as soon as it is beyond `id`; `id` itself when the time is up or a signal is aborted.
   *
   * Throws where the database can't be asked.
   */
  async growBeyond(id: number, timeoutMs: number, signals: readonly AbortSignal[]): Promise<number> {
    if (this.#lastId > id || signals.some(({ aborted }) => aborted)) return Math.max(this.#lastId, id);
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const waiting = { beyondId: id, resolve, reject };
    const giveUp = (): void => resolve(id);
    const timer = setTimeout(giveUp, timeoutMs);
    for (const signal of signals) signal.addEventListener("abort", giveUp);
    this.#waiting.add(waiting);
    if (!this.#isPolling) void this.#poll();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener("abort", giveUp);
      this.#waiting.delete(waiting);
    }
  }

  async #poll(): Promise<void> {
    this.#isPolling = true;
    while (this.#waiting.size > 0) {
      await this.#tell();
      await sleep(pollMs);
    }
    this.#isPolling = false;
  }

  async #tell(): Promise<void> {
    try {
      this.#lastId = await lastEventId(this.#db);
    } catch (error) {
      for (const { reject } of this.#waiting) reject(error);
      return;
    }
    for (const { beyondId, resolve } of this.#waiting) {
      if (this.#lastId > beyondId) resolve(this.#lastId);
    }
  }
}
