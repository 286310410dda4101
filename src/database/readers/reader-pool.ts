import type { SQLInputValue } from "node:sqlite";
import { Worker } from "node:worker_threads";
import type { CompiledQuery, DatabaseConnection, QueryResult } from "kysely";
import { Refusal } from "../../refusal.ts";
import { type ThreadAnswer, type ThreadQuery, type ThreadData, threadProgram } from "./reader-thread.ts";

/** Of each thread. A query that reads much goes through it once. */
const cacheKiB = 8 * 1024;
const preparedMax = 100;
/** Of each thread, in MiB: three times V8's semi-space. Rows live no longer than it takes to pass them on. */
const youngMiB = 6;

interface Waiting extends Omit<ThreadQuery, "id"> {
  resolve(result: QueryResult<unknown>): void;
  reject(error: unknown): void;
}

interface Thread {
  readonly worker: Worker;
  /** What it reads just now. */
  current: (Waiting & { readonly id: number }) | undefined;
}

/**
 * Threads that read one SQLite file, each over a connection of its own, so that a query that takes long stops nobody else. One begins
 * when all others are busy; beyond `max` queries wait for their turn, the oldest first. It may be asked by several at once. Refuses with
 * `stopping` what hasn't been answered at its end.
 */
export class ReaderPool implements DatabaseConnection, AsyncDisposable {
  readonly #file: string;
  readonly #max: number;
  readonly #threads = new Set<Thread>();
  #waiting: Waiting[] = [];
  #lastId = 0;
  #isClosed = false;

  constructor(file: string, max: number) {
    this.#file = file;
    this.#max = max;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    if (this.#isClosed) throw stopping();
    const { promise, resolve, reject } = Promise.withResolvers<QueryResult<unknown>>();
    // Kysely types parameters as unknown; whatever SQLite can't bind, it refuses by itself.
    this.#waiting.push({ sql, parameters: parameters as SQLInputValue[], resolve, reject });
    this.#assign();
    // The rows are of the type that Kysely derived from the query.
    return (await promise) as QueryResult<Row>;
  }

  // oxlint-disable-next-line require-yield -- the interface wants a generator, the program must not have one
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error("an open cursor would hold a thread: page by key instead");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    for (const { reject } of this.#waiting) reject(stopping());
    this.#waiting = [];
    await Promise.all([...this.#threads].map(({ worker }) => worker.terminate()));
  }

  #assign(): void {
    while (this.#waiting.length > 0) {
      const idle = [...this.#threads].find(({ current }) => current === undefined) ?? this.#begin();
      const next = idle === undefined ? undefined : this.#waiting.shift();
      if (idle === undefined || next === undefined) return;
      this.#lastId += 1;
      idle.current = { ...next, id: this.#lastId };
      const { id, sql, parameters } = idle.current;
      idle.worker.postMessage({ id, sql, parameters } satisfies ThreadQuery, []);
    }
  }

  /** Undefined where there are as many as there may be. */
  #begin(): Thread | undefined {
    if (this.#threads.size >= this.#max) return undefined;
    const workerData: ThreadData = { file: this.#file, cacheKiB, preparedMax };
    const worker = new Worker(threadProgram(), {
      eval: true,
      execArgv: [],
      workerData,
      name: "ironlog-reader",
      resourceLimits: { maxYoungGenerationSizeMb: youngMiB },
    });
    // An idle one doesn't keep the process.
    worker.unref();
    const thread: Thread = { worker, current: undefined };
    this.#threads.add(thread);
    worker.on("message", (answer: ThreadAnswer) => this.#settle(thread, answer));
    worker.on("error", (error) => this.#end(thread, error));
    worker.on("exit", () => this.#end(thread, new Error("a thread that reads has ended")));
    return thread;
  }

  #settle(thread: Thread, answer: ThreadAnswer): void {
    const { current } = thread;
    if (current?.id !== answer.id) return;
    thread.current = undefined;
    if ("failure" in answer) {
      const { message, ...codes } = answer.failure;
      current.reject(Object.assign(new Error(message), codes));
    } else {
      current.resolve({ rows: answer.rows.map((row) => objectOf(answer.columns, row)) });
    }
    this.#assign();
  }

  /** Another one takes what waits. */
  #end(thread: Thread, error: unknown): void {
    if (!this.#threads.delete(thread)) return;
    thread.current?.reject(this.#isClosed ? stopping() : error);
    if (!this.#isClosed) this.#assign();
  }
}

/** Whoever has gone away may have left work behind, which ends here: no failure that anybody need know of. */
function stopping(): Refusal {
  return new Refusal("stopping", "Ironlog is stopping.");
}

function objectOf(columns: readonly string[], row: readonly unknown[]): object {
  const object: Record<string, unknown> = {};
  for (let at = 0; at < columns.length; at += 1) object[columns[at] ?? ""] = row[at];
  return object;
}
