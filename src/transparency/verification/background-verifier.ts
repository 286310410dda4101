import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import os from "node:os";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import type { Actor } from "../../audit/actor.ts";
import { perform } from "../../audit/perform.ts";
import type { Environment } from "../../environment.ts";
import type { Database } from "../../database/database.ts";
import type { Progress, Rest, Turn, Worker } from "../../following/worker.ts";
import { nowMicros } from "../../time.ts";
import { getSetting } from "../../settings/queries.ts";
import type { VerificationReport } from "./verification-report.ts";
import { listVerifications, storeVerification } from "./verification-store.ts";
import { recordVerifyFailure } from "./verify-actions.ts";

/** How often it looks whether a pass is due. */
const lookMs = 60_000;
/** A pass over a long log costs much: one that fails isn't tried again at once. */
const backOffMsMax = 3_600_000;
const hourMicros = 3_600_000_000;

/** The name of its worker, under which a pass is asked for. */
export const verifierName = "verifier";

export interface BackgroundVerifierParts {
  readonly db: Database;
  readonly dataFolder: string;
  readonly environment: Environment;
  readonly logKeyFile: string;
  /** The program's main file, which it runs. */
  readonly mainFile: string;
  readonly machine: Actor;
  readonly warn: (error: unknown, sentence: string) => void;
  /** The name of the signer's work on a server without the log's key: beside the key stands what tells of missing events. */
  readonly defersTo: string | undefined;
}

/**
 * Verifies the whole log again and again, at a bounded rate: it runs `ironlog log verify` as a process of its own, which
 * has its own connection and memory and yields to the server.
 */
export class BackgroundVerifier {
  readonly #parts: BackgroundVerifierParts;
  #progress: Progress | undefined;

  /** Verifies when a pass is due or was asked for. Of several servers one does, a server with the log's key if there is one. */
  readonly worker: Worker;

  constructor(parts: BackgroundVerifierParts) {
    this.#parts = parts;
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
    if (!turn.takeRequest() && !(await this.#isDue())) return "pause";
    this.#progress = { done: 0, size: 0 };
    try {
      await this.#verify(turn);
    } finally {
      this.#progress = undefined;
    }
    // Who asked meanwhile, here or on another server, was told of this pass.
    await turn.learnRequests();
    turn.takeRequest();
    return "pause";
  }

  async #isDue(): Promise<boolean> {
    const { db } = this.#parts;
    const hours = Number(await getSetting(db, "ironlog_verify_interval_hours"));
    const [last] = await listVerifications(db, 1);
    // One that claims to have ended in the future tells nothing.
    const age = last === undefined ? Infinity : nowMicros() - last.finished;
    return hours > 0 && (age < 0 || age >= hours * hourMicros);
  }

  /** One pass. What it found is written first, so that a server that has lost its lease meanwhile reports nothing. */
  async #verify(turn: Turn): Promise<void> {
    const { db, machine, warn } = this.#parts;
    const report = await this.#run(turn.signal);
    await storeVerification(turn.keepBooks, report, nowMicros());
    if (report.integrity.verdict === "intact" && report.completeness.verdict === "complete") return;
    warn(new Error(JSON.stringify(report).slice(0, 2_000)), "the log is not what was recorded");
    await perform(db, machine, recordVerifyFailure, report);
  }

  /** Throws if it is told to end before. */
  async #run(signal: AbortSignal): Promise<VerificationReport> {
    const { environment, dataFolder, logKeyFile, mainFile, db } = this.#parts;
    const pace = String(await getSetting(db, "ironlog_verify_events_per_second"));
    const words = ["log", "verify", "--json", "--progress", "--pace", pace];
    const flags = ["--data", dataFolder, "--log-key", logKeyFile];
    signal.throwIfAborted();
    const child = spawn(process.execPath, [...nodeFlags(), mainFile, ...words, ...flags], {
      stdio: ["ignore", "pipe", "pipe"],
      env: environment,
    });
    const kill = (): void => void child.kill("SIGTERM");
    signal.addEventListener("abort", kill);
    const ended = once(child, "close");
    if (child.pid !== undefined) yieldToOthers(child.pid);
    const complaints: string[] = [];
    const read = this.#readProgress(child, complaints);
    const output = await text(child.stdout);
    await read;
    const [status] = (await ended) as [number | null];
    signal.removeEventListener("abort", kill);
    signal.throwIfAborted();
    if (status !== 0 && status !== 1)
      throw new Error(`ironlog log verify ended with ${status}: ${complaints.join(" ")}`);
    return JSON.parse(output) as VerificationReport;
  }

  async #readProgress(child: ChildProcess, complaints: string[]): Promise<void> {
    if (child.stderr === null) return;
    for await (const line of createInterface({ input: child.stderr })) {
      const [, checked, size] = /^(\d+)\/(\d+)$/.exec(line) ?? [];
      if (checked === undefined || size === undefined) complaints.push(line.slice(0, 500));
      else this.#progress = { done: Number(checked), size: Number(size) };
    }
  }
}

/** This process's own flags, but for a debugger's, whose port is taken; and no debugger by a signal. */
function nodeFlags(): readonly string[] {
  const own = process.execArgv.filter((flag) => !flag.startsWith("--inspect") && flag !== "--disable-sigusr1");
  return ["--disable-sigusr1", ...own];
}

function yieldToOthers(pid: number): void {
  try {
    os.setPriority(pid, os.constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It may have ended already, or the system doesn't allow it: the pace bounds it anyway.
  }
}
