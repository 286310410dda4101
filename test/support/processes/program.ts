import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { shareNames } from "../share-names.ts";

/** The checkout. */
export const root = path.resolve(import.meta.dirname, "../../..");

/** What is started as `ironlog`: the bundle that a run has made for all of its files; where a file runs alone, the source. */
export const mainFile = process.env[shareNames.program] ?? path.join(root, "src/main.ts");

/** The `ironlog` of a package, where that is what is tested: as a file that can be executed, with `maas` beside it. */
export const packagedFile = process.env[shareNames.packaged];

/** The words that start `ironlog`. With room for its start's objects at once, a tenth of the start is not spent on making it. */
export const ironlogWords: readonly [string, ...string[]] =
  packagedFile === undefined ? [process.execPath, "--min-semi-space-size=16", mainFile] : [packagedFile];

/** A process of the tests' own. Everything that it wrote is kept. */
export interface TestProcess extends AsyncDisposable {
  readonly pid: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The raw bytes of what it wrote to standard output. */
  readonly stdoutBytes: Buffer;
  /** Its end, with all of its output read. */
  readonly ended: Promise<End>;
  readonly hasEnded: boolean;
  signal(name: NodeJS.Signals): void;
  /** Writes to its standard input, and closes it where `isLast`. */
  write(text: string, isLast?: boolean): void;
  /** Waits until what it wrote matches; fails where it ends before. */
  until(pattern: RegExp, stream?: "stdout" | "stderr"): Promise<RegExpMatchArray>;
}

export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ProcessOptions {
  readonly command?: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Whether something will be written to its standard input; else that is empty. */
  readonly hasInput?: boolean;
}

/** Starts `ironlog` with these arguments. */
export function startIronlog(
  args: readonly string[],
  options: Omit<ProcessOptions, "command" | "args"> = {},
): TestProcess {
  const [command, ...first] = ironlogWords;
  return startProcess({ command, args: [...first, ...args], ...options });
}

const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
// The test runner ends a file that takes too long so; without a listener nothing above would run.
process.once("SIGTERM", () => process.exit(143));

export function startProcess({ command, args, env, cwd, hasInput }: ProcessOptions): TestProcess {
  const child = spawn(command ?? process.execPath, [...args], {
    stdio: [hasInput === true ? "pipe" : "ignore", "pipe", "pipe"],
    env: { ...cleanEnvironment(), NODE_COMPILE_CACHE: compileCache, ...env },
    cwd: cwd ?? root,
  });
  running.add(child);
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const listeners = new Set<() => void>();
  let end: End | undefined;
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream]?.on("data", (chunk: Buffer) => {
      chunks[stream].push(chunk);
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise<End>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      running.delete(child);
      end = { code, signal };
      for (const listener of listeners) listener();
      resolve(end);
    });
  });
  ended.catch(() => undefined);
  const text = (stream: "stdout" | "stderr"): string => Buffer.concat(chunks[stream]).toString();
  return {
    pid: child.pid ?? 0,
    get stdout() {
      return text("stdout");
    },
    get stderr() {
      return text("stderr");
    },
    get stdoutBytes() {
      return Buffer.concat(chunks.stdout);
    },
    ended,
    get hasEnded() {
      return end !== undefined;
    },
    signal: (name) => void child.kill(name),
    write(input, isLast = false) {
      child.stdin?.write(input);
      if (isLast) child.stdin?.end();
    },
    until: (pattern, stream = "stdout") =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = text(stream).match(pattern);
          if (found !== null) resolve(found);
          else if (end !== undefined) reject(new Error(`ended before ${pattern}:\n${text("stdout")}${text("stderr")}`));
          else return;
          listeners.delete(look);
        };
        listeners.add(look);
        look();
      }),
    async [Symbol.asyncDispose]() {
      if (end === undefined) child.kill("SIGKILL");
      await ended.catch(() => undefined);
    },
  };
}

/** Where Node keeps what it compiled: most of the tests' time goes into starting the same program again and again. */
export const compileCache = path.join(root, "node_modules/.cache/ironlog-tests");

/** This process's environment without what Ironlog or its client would take from it. */
export function cleanEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(IRONLOG_|XDG_|STATE_DIRECTORY$|NODE_TEST|NODE_OPTIONS$|https?_proxy$|no_proxy$|COLUMNS$)/i.test(name),
  );
  return Object.fromEntries(kept) as Record<string, string>;
}
