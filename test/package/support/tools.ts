import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import path from "node:path";

/** Why a test can't run here: the tools that this machine lacks; false where it has all of them. */
export function lacks(...tools: readonly string[]): string | false {
  const missing = tools.filter((tool) => !folders.some((folder) => isExecutable(path.join(folder, tool))));
  return missing.length === 0 ? false : `this machine lacks ${missing.join(", ")}`;
}

/** Where administrators' commands are, too: a user's path may lack them. */
const folders = [...(process.env["PATH"] ?? "").split(path.delimiter), "/usr/sbin", "/sbin"];

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

interface StepOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly input?: string;
  /** After so long it is killed: a step that hangs must not hold up the rest. */
  readonly timeoutMs?: number;
}

export interface StepOutcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, one step of a packaging test. */
export function step(program: string, args: readonly string[], options: StepOptions = {}): StepOutcome {
  const { timeoutMs = 120_000, ...others } = options;
  const { error, status, stdout, stderr } = spawnSync(program, args, {
    ...others,
    timeout: timeoutMs,
    killSignal: "SIGKILL",
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error !== undefined) throw new Error(`${program} ${args.join(" ")}: ${stdout}${stderr}`, { cause: error });
  return { status, stdout, stderr };
}

/** The standard output of a step that must succeed. */
export function succeed(program: string, args: readonly string[], options: StepOptions = {}): string {
  const { status, stdout, stderr } = step(program, args, options);
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${status}: ${stdout}${stderr}`);
  return stdout;
}
