import { spawnSync } from "node:child_process";

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
