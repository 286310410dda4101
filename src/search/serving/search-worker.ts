import type { Actor } from "../../audit/actor.ts";
import { perform } from "../../audit/perform.ts";
import type { Database } from "../../database/database.ts";
import { positionAt } from "../../following/follow.ts";
import type { Position, Rest, Turn, Worker } from "../../following/worker.ts";
import type { Told } from "../index/index-keeper.ts";
import type { FoundDamage, IndexReader } from "../query/index-reader.ts";
import { recordSearchFault } from "./fault-actions.ts";
import { Indexer, type IndexerProgram } from "./indexer.ts";

/** The first wait after the process has ended by itself. */
const pauseMs = 1_000;

export interface SearchWorkerParts {
  readonly db: Database;
  readonly program: IndexerProgram;
  readonly reader: IndexReader;
  readonly machine: Actor;
  readonly warn: (error: unknown, sentence: string) => void;
}

/** Keeps the process running that keeps this server's index. A turn starts it; another one comes when it has ended. */
export class SearchWorker {
  readonly #parts: SearchWorkerParts;
  readonly worker: Worker;
  #process: Indexer | undefined;
  #indexedTo: number | undefined;
  /** What a search came upon last, for a process that doesn't run yet or ends before it has read it. */
  #damage: FoundDamage | undefined;
  #rebuilds = 0;
  #wake: () => void = () => {};
  /** Resolves when the process has told how far it is. */
  #told = Promise.withResolvers<void>();

  constructor(parts: SearchWorkerParts) {
    this.#parts = parts;
    parts.reader.onDamage = (damage) => {
      this.#damage = damage;
      this.#process?.rebuild(damage);
    };
    this.worker = {
      name: "search",
      runs: "everyServer",
      pauseMs,
      complaint: "the search index is not kept up to date",
      connect: (wake) => void (this.#wake = wake),
      turn: (turn) => this.#turn(turn),
      release: () => this.#release(),
      position: () => this.#position(),
    };
  }

  /** How often the index was built again since this server started, since it was damaged or missed an event. */
  get rebuilds(): number {
    return this.#rebuilds;
  }

  async #turn({ signal }: Turn): Promise<Rest> {
    const { end } = this.#process ?? {};
    if (end !== undefined) {
      this.#process = undefined;
      throw new Error(end);
    }
    if (this.#process !== undefined) return "until woken";
    this.#told = Promise.withResolvers();
    const started = new Indexer(this.#parts.program, (told) => this.#learn(told));
    this.#process = started;
    if (this.#damage !== undefined) started.rebuild(this.#damage);
    void this.#wakeAtEnd(started);
    const { promise: aborted, resolve } = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => resolve(), { once: true });
    // Only then it has read the log and written the file: a process that ends before is a failure of this turn.
    await Promise.race([this.#told.promise, started.ended, aborted]);
    if (started.end === undefined) return "until woken";
    this.#process = undefined;
    throw new Error(started.end);
  }

  async #wakeAtEnd({ ended }: Indexer): Promise<void> {
    await ended;
    this.#wake();
  }

  #learn(told: Told): void {
    this.#indexedTo = told.indexedTo;
    if ("rebuilt" in told) void this.#tellRebuilt(told.rebuilt);
    else this.#told.resolve();
  }

  async #tellRebuilt(what: string): Promise<void> {
    const { db, machine, warn } = this.#parts;
    this.#rebuilds += 1;
    warn(new Error(what), "the search index was not what was written: it is built again");
    await perform(db, machine, recordSearchFault, { what }).catch((error: unknown) =>
      warn(error, "a fault of the search index could not be recorded"),
    );
  }

  async #release(): Promise<void> {
    // First, so that the process is the last one to close the file, and leaves one file of it.
    await this.#parts.reader[Symbol.asyncDispose]();
    await this.#process?.stop();
    this.#process = undefined;
  }

  async #position(): Promise<Position | undefined> {
    return this.#indexedTo === undefined ? undefined : positionAt(this.#parts.db, this.#indexedTo);
  }
}
