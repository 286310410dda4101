import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import type { Environment } from "../../environment.ts";
import { ownCommand, yieldToOthers } from "../../terminal/own-program.ts";
import type { Progress, Timing } from "../../following/worker.ts";
import { unableVerdict, type Verdict, verdictOf } from "./verdict.ts";
import type { VerificationReport } from "../verification/verification-report.ts";

/** How `ironlog log verify` is run. */
export interface PassProgram {
  /** The program's main file, or the executable that holds it all. */
  readonly mainFile: string;
  readonly dataFolder: string;
  readonly logKeyFile: string;
  readonly appendKeyFile: string;
  readonly environment: Environment;
}

export interface Pass {
  /** Events a second, at most. */
  readonly pace: number;
  readonly timing: Timing;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** One verification, in a process of its own. Throws only if it is told to end before. */
export async function runPass(program: PassProgram, pass: Pass): Promise<Verdict> {
  const { signal, timing } = pass;
  const startMs = timing.steadyMs();
  const duration = (): number => timing.steadyMs() - startMs;
  signal.throwIfAborted();
  try {
    return verdictOf(await readReport(program, pass), duration());
  } catch (error) {
    signal.throwIfAborted();
    return unableVerdict(error instanceof Error ? error.message : String(error), duration());
  }
}

async function readReport(program: PassProgram, { pace, signal, onProgress }: Pass): Promise<VerificationReport> {
  const { mainFile, dataFolder, logKeyFile, appendKeyFile, environment } = program;
  const words = ["log", "verify", "--json", "--progress", "--pace", String(pace)];
  const flags = ["--data", dataFolder, "--log-key", logKeyFile, "--append-key", appendKeyFile];
  const [file, args] = ownCommand(mainFile, [...words, ...flags]);
  const child = spawn(file, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: environment,
  });
  const kill = (): void => void child.kill("SIGTERM");
  signal.addEventListener("abort", kill);
  const ended = once(child, "close");
  // Where it can't, the pace bounds it anyway.
  if (child.pid !== undefined) yieldToOthers(child.pid);
  const complaints: string[] = [];
  const [output, [status, endedBy]] = await Promise.all([
    text(child.stdout),
    ended as Promise<[number | null, NodeJS.Signals | null]>,
    readProgress(child, complaints, onProgress),
  ]);
  signal.removeEventListener("abort", kill);
  if (status === 0 || status === 1) return JSON.parse(output) as VerificationReport;
  const said = complaints.map((line) => line.replace(/^ironlog log verify: /, "")).join(" ");
  throw new Error(said === "" ? `ironlog log verify ended with ${endedBy ?? status}, and said nothing` : said);
}

async function readProgress(child: ChildProcess, complaints: string[], onProgress: Pass["onProgress"]): Promise<void> {
  if (child.stderr === null) return;
  for await (const line of createInterface({ input: child.stderr })) {
    const [, checked, size] = /^(\d+)\/(\d+)$/.exec(line) ?? [];
    if (checked === undefined || size === undefined) complaints.push(line.slice(0, 500));
    else onProgress({ done: Number(checked), size: Number(size) });
  }
}
