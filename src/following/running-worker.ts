import { setImmediate as nextTick } from "node:timers/promises";
import { backOffMs } from "../back-off.ts";
import type { LeaseOf } from "./lease.ts";
import { GaveUp, type Rest, type Timing, type Worker, type WorkerState, type WorkerStatus } from "./worker.ts";

const backOffMsMaxByDefault = 60_000;
/** What is told of an error: whole answers of others must not get into metrics and pages. */
const whyLengthMax = 500;
/** After so many failures in a row the lease is offered to others, and left alone for so long. */
const offerAfterFailures = 5;
const offerMs = 10_000;

export interface WorkerLog {
  error(details: object, sentence: string): void;
  info(details: object, sentence: string): void;
}

export interface RunningParts {
  readonly lease: LeaseOf;
  readonly log: WorkerLog;
  readonly timing: Timing;
}

/** Runs a worker: turn, pause, turn; after a failure with a pause that grows. Stopping waits for the turn in flight. */
export class RunningWorker implements AsyncDisposable {
  readonly worker: Worker;
  readonly #parts: RunningParts;
  readonly #stopping = new AbortController();
  #loop: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;
  /** Ends the rest that is under way. */
  #woken = new AbortController();
  #isWoken = false;
  /** The lease as the last turn had it. */
  #held: ReturnType<LeaseOf["held"]>;
  #isRequested = false;
  #hasGivenUp = false;
  #trouble: WorkerStatus["trouble"] = null;
  #failuresInARow = 0;
  #turns = 0;
  #failures = 0;
  #lastTurn: number | null = null;

  constructor(worker: Worker, parts: RunningParts) {
    this.worker = worker;
    this.#parts = parts;
    worker.connect?.(() => this.wake());
  }

  /** Begins. A worker that this server can't run stays as it is. */
  start(): void {
    if (this.worker.unfit === undefined) this.#loop ??= this.#run();
  }

  /** The next turn comes at once, unless the last one has failed. */
  wake(): void {
    if (this.#failuresInARow === 0) this.#endRest();
  }

  /** The same, and the turn learns that somebody has asked for it; also after a failure. */
  request(): void {
    this.#isRequested = true;
    this.#endRest();
  }

  /** True from a request until a turn has taken it. */
  get isRequested(): boolean {
    return this.#isRequested;
  }

  get status(): WorkerStatus {
    return {
      state: this.#state(),
      trouble: this.#trouble,
      turns: this.#turns,
      failures: this.#failures,
      lastTurn: this.#lastTurn,
      progress: this.worker.progress?.() ?? null,
      waiting: this.worker.waiting?.() ?? 0,
    };
  }

  /** Returns after the turn in flight and, where it has one, its final turn. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #stop(): Promise<void> {
    this.#stopping.abort();
    this.#endRest();
    await this.#loop;
    // Also of a worker that never began: a start that fails may have left something to do.
    const { unfit, hasFinalTurn } = this.worker;
    if (unfit === undefined && hasFinalTurn === true && !this.#hasGivenUp) await this.#finalTurn();
    await this.worker.release?.();
  }

  async #run(): Promise<void> {
    let rest: Rest = this.worker.isEager === true ? "more" : "pause";
    while (!this.#isOver()) {
      // Reading from a file is done before anybody else gets a turn.
      if (rest === "more" && this.#failuresInARow === 0) await nextTick();
      else await this.#rest(rest);
      if (!this.#isOver()) rest = await this.#turnOrStandBy();
    }
  }

  #isOver(): boolean {
    return this.#stopping.signal.aborted || this.#hasGivenUp;
  }

  async #rest(rest: Rest): Promise<void> {
    this.#woken = new AbortController();
    if (this.#isWoken || this.#stopping.signal.aborted) this.#woken.abort();
    const { signal } = this.#woken;
    const { worker } = this;
    const { timing } = this.#parts;
    try {
      if (this.#failuresInARow > 0) await this.#backOff(signal);
      else if (rest === "until woken") await untilAborted(signal);
      else if (worker.rest === undefined) await timing.sleep(worker.pauseMs, signal);
      else await worker.rest(worker.pauseMs, signal);
    } catch (error) {
      // What goes wrong in a rest is a failure like that of a turn.
      this.#fail(error);
      await this.#backOff(signal);
    }
    this.#isWoken = false;
  }

  async #backOff(woken: AbortSignal): Promise<void> {
    const { timing } = this.#parts;
    const { pauseMs, backOffMsMax = backOffMsMaxByDefault } = this.worker;
    await timing.sleep(backOffMs(this.#failuresInARow, pauseMs, backOffMsMax, timing.random()), woken);
  }

  #endRest(): void {
    this.#isWoken = true;
    this.#woken.abort();
  }

  async #turnOrStandBy(): Promise<Rest> {
    const held = this.#parts.lease.held();
    try {
      // Also where it is held again: whoever had it meanwhile has gone on.
      if (held !== this.#held) await this.worker.release?.();
      this.#held = held;
    } catch (error) {
      this.#fail(error);
      return "pause";
    }
    if (held !== undefined) return this.#turn(held);
    try {
      await this.worker.standBy?.();
      // While nobody else does it, what was wrong is still wrong.
      if (this.#parts.lease.isElsewhere()) this.#succeed();
    } catch (error) {
      this.#fail(error);
    }
    return "pause";
  }

  async #turn(held: NonNullable<ReturnType<LeaseOf["held"]>>): Promise<Rest> {
    const ending = new AbortController();
    const end = (): void => ending.abort();
    // A final turn comes after the worker was stopped.
    const endings = this.#stopping.signal.aborted ? [held.lost] : [this.#stopping.signal, held.lost];
    for (const signal of endings) signal.addEventListener("abort", end);
    if (held.lost.aborted) end();
    try {
      const rest = await this.worker.turn({
        signal: ending.signal,
        keepBooks: held.keepBooks,
        isFinal: this.#stopping.signal.aborted,
        learnRequests: () => this.#parts.lease.learnRequests(),
        takeRequest: () => this.#takeRequest(),
      });
      this.#succeed();
      return rest;
    } catch (error) {
      // It was told to end, and why is known.
      if (!ending.signal.aborted) this.#fail(error);
      return "pause";
    } finally {
      this.#turns += 1;
      for (const signal of endings) signal.removeEventListener("abort", end);
      this.#lastTurn = this.#parts.timing.now();
      if (!this.#isRequested) this.#parts.lease.answer();
    }
  }

  async #finalTurn(): Promise<void> {
    // Whatever the loop has learnt: where no other server holds the lease, the last turn is this one's.
    const held = this.#parts.lease.held() ?? (await this.#parts.lease.take());
    if (held !== undefined) {
      while ((await this.#turn(held)) === "more");
      return;
    }
    try {
      await this.worker.endStandBy?.();
    } catch (error) {
      this.#fail(error);
    }
  }

  #takeRequest(): boolean {
    const isRequested = this.#isRequested;
    this.#isRequested = false;
    return isRequested;
  }

  #succeed(): void {
    const { name: worker } = this.worker;
    if (this.#trouble !== null) this.#parts.log.info({ worker }, "a worker that had failed works again");
    this.#failuresInARow = 0;
    this.#trouble = null;
  }

  #fail(error: unknown): void {
    const { lease, log, timing } = this.#parts;
    const { name: worker, complaint } = this.worker;
    this.#failures += 1;
    this.#failuresInARow += 1;
    this.#hasGivenUp ||= error instanceof GaveUp;
    // Logged once, not on every attempt.
    if (this.#trouble === null && !this.#hasGivenUp) log.error({ err: error, worker }, complaint);
    this.#trouble = { why: whyOf(error), since: this.#trouble?.since ?? timing.now() };
    if (this.#hasGivenUp) lease.restFor(Infinity);
    else if (this.#failuresInARow % offerAfterFailures === 0) lease.restFor(offerMs);
  }

  #state(): WorkerState {
    if (this.worker.unfit !== undefined) return "unable";
    if (this.#hasGivenUp) return "gave_up";
    if (this.#stopping.signal.aborted) return "stopped";
    if (this.#trouble !== null) return "failing";
    return this.#parts.lease.held() === undefined ? "standby" : "running";
  }
}

function whyOf(error: unknown): string {
  const text = error instanceof Error && error.message !== "" ? error.message : String(error);
  return text.replaceAll(/\s+/g, " ").slice(0, whyLengthMax);
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
