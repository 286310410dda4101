import type { Actor } from "../../audit/actor.ts";
import { perform } from "../../audit/perform.ts";
import type { Database } from "../../database/database.ts";
import { lastEventId } from "../../database/version-cache.ts";
import { realTiming } from "../../following/timing.ts";
import type { Progress, Rest, Timing, Turn, Worker } from "../../following/worker.ts";
import { listVerdicts } from "./recorded-verdicts.ts";
import { type PassProgram, runPass } from "./pass-program.ts";
import type { UnrecordedVerdict } from "./unrecorded-verdict.ts";
import { isGood, type Verdict } from "./verdict.ts";
import { hourMicros, trustedIntervalHours } from "./verdict-pace.ts";
import { recordOverrun, recordVerdict } from "./verify-actions.ts";

/** How often it looks whether a pass is due. */
const lookMs = 60_000;
const backOffMsMax = 3_600_000;
/** A pass that could not be done is tried again after so many hours, if the next one isn't due before. */
const retryHours = 1;
/** Events a second: a log of a million takes less than two minutes. */
const paceMin = 10_000;
/** A pass takes at most half of the time between two, so that it ends before the next one. */
const shareOfInterval = 0.5;

/** The name of its worker, under which a pass is asked for. */
export const verifierName = "verifier";

export interface BackgroundVerifierParts {
  readonly db: Database;
  readonly program: PassProgram;
  readonly unrecorded: UnrecordedVerdict;
  readonly machine: Actor;
  readonly warn: (error: unknown, sentence: string) => void;
  /** True where several servers may use the database: then only the holder of the lease records. */
  readonly isShared: boolean;
  /** The name of the signer's work on a server without the log's key: beside the key stands what tells of missing events. */
  readonly defersTo: string | undefined;
  readonly timing?: Timing;
}

/**
 * Verifies the whole log again and again: it runs `ironlog log verify` as a process of its own, which has its own connection
 * and memory and yields to the server. Each pass is one event.
 */
export class BackgroundVerifier {
  readonly #parts: Required<BackgroundVerifierParts>;
  #progress: Progress | undefined;
  /** How the last pass of this process ended. */
  #last: Verdict | undefined;

  /** Verifies when a pass is due or was asked for. Of several servers one does, a server with the log's key if there is one. */
  readonly worker: Worker;

  constructor(parts: BackgroundVerifierParts) {
    this.#parts = { timing: realTiming, ...parts };
    this.worker = {
      name: verifierName,
      runs: "once",
      pauseMs: lookMs,
      backOffMsMax,
      complaint: "could not verify the log",
      defersTo: parts.defersTo,
      progress: () => this.#progress,
      turn: (turn) => this.#turn(turn),
    };
  }

  async #turn(turn: Turn): Promise<Rest> {
    const isRequested = turn.takeRequest();
    if (!isRequested) await this.#recordLate();
    if (!isRequested && !(await this.#isDue())) return "pause";
    this.#progress = { done: 0, size: 0 };
    try {
      await this.#verify(turn);
      // Who asked meanwhile, here or on another server, was told of this pass: until now it is shown to run.
      await turn.learnRequests();
      turn.takeRequest();
    } finally {
      this.#progress = undefined;
    }
    return "pause";
  }

  /** What the log could not take is recorded as soon as it can, unless a later verdict was. */
  async #recordLate(): Promise<void> {
    const { db, machine, unrecorded } = this.#parts;
    const kept = unrecorded.find();
    if (kept === undefined) return;
    const [newest] = await listVerdicts(db, 1);
    if (newest?.isAsRecorded !== true || newest.recorded < kept.finished) {
      try {
        await perform(db, machine, recordVerdict, kept);
      } catch {
        // It was said when it was kept, and /readyz goes on saying it.
        return;
      }
    }
    unrecorded.forget();
  }

  async #isDue(): Promise<boolean> {
    const { db, timing } = this.#parts;
    const hours = await trustedIntervalHours(db);
    if (hours === 0) return false;
    const [newest] = await listVerdicts(db, 1);
    const isNewer = newest !== undefined && newest.isAsRecorded && newest.recorded > (this.#last?.finished ?? 0);
    const last = isNewer ? newest : this.#last;
    if (last === undefined) return true;
    const age = timing.now() - last.finished;
    const wait = last.reason === null ? hours : Math.min(hours, retryHours);
    // One that claims to have ended in the future tells nothing.
    return age < 0 || age >= wait * hourMicros;
  }

  async #verify(turn: Turn): Promise<void> {
    const { db, program, timing, isShared } = this.#parts;
    const hours = await trustedIntervalHours(db);
    const ended = new AbortController();
    const watch = this.#tellOverrun(hours, AbortSignal.any([ended.signal, turn.signal]));
    const pace = await this.#pace(hours);
    const onProgress = (progress: Progress): void => void (this.#progress = progress);
    const verdict = await runPass(program, { pace, timing, signal: turn.signal, onProgress }).finally(() =>
      ended.abort(),
    );
    await watch;
    // A server that has lost its lease meanwhile records nothing.
    if (isShared) await turn.keepBooks(async () => {});
    this.#last = verdict;
    await this.#record(verdict);
  }

  async #record(verdict: Verdict): Promise<void> {
    const { db, machine, unrecorded, warn } = this.#parts;
    if (!isGood(verdict)) {
      const found = verdict.reason ?? JSON.stringify(verdict).slice(0, 2_000);
      warn(new Error(found), verdict.reason === null ? "the log is not what was recorded" : "could not verify the log");
    }
    try {
      await perform(db, machine, recordVerdict, verdict);
      unrecorded.forget();
    } catch (error) {
      warn(error, "the verdict of a verification could not be recorded: it is kept in the data directory");
      unrecorded.keep(verdict);
    }
  }

  /** Events a second, so that a pass ends well before the next one is due. */
  async #pace(hours: number): Promise<number> {
    if (hours === 0) return paceMin;
    // A head that can't be read is for the pass to tell of.
    const size = await lastEventId(this.#parts.db).catch(() => 0);
    return Math.max(paceMin, Math.ceil(size / (hours * 3_600 * shareOfInterval)));
  }

  /** Records once that a pass takes longer than the time between two. */
  async #tellOverrun(hours: number, ended: AbortSignal): Promise<void> {
    if (hours === 0) return;
    const { db, machine, timing, warn } = this.#parts;
    const overAt = timing.now() + hours * hourMicros;
    while (timing.now() < overAt) {
      await timing.sleep(Math.min((overAt - timing.now()) / 1_000, 3_600_000), ended);
      if (ended.aborted) return;
    }
    await perform(db, machine, recordOverrun, { hours }).catch((error: unknown) =>
      warn(error, "a verification takes longer than the time between two, which could not be recorded"),
    );
  }
}
