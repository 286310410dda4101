import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** Ironlog's own client, with a home of its own that is gone when it is disposed of. */
export interface CommandLine extends Disposable {
  run(...args: readonly string[]): Promise<CommandRun>;
  /** Runs it on a terminal. */
  runOnTerminal(...args: readonly string[]): Promise<CommandRun>;
}

export interface CommandRun {
  /** The words that were typed. */
  readonly typed: string;
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

const maas = path.resolve(import.meta.dirname, "../../../bin/maas");

/** What makes terminals: without it, what a person sees can't be found out. */
export const hasTerminals =
  process.platform === "linux" && ["/usr/bin/script", "/bin/script"].some((file) => existsSync(file));

export function openCommandLine(): CommandLine {
  const home = mkdtempSync(path.join(os.tmpdir(), "ironlog-conformance-"));
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(IRONLOG_|XDG_|NODE_TEST|NODE_OPTIONS$|https?_proxy$|no_proxy$|COLUMNS$)/i.test(name),
  );
  const env = { ...(Object.fromEntries(inherited) as Record<string, string>), HOME: home, TERM: "dumb" };
  const start = (command: string, args: readonly string[], typed: string): Promise<CommandRun> =>
    new Promise((resolve, reject) => {
      const child = spawn(command, args, { env, cwd: home, stdio: ["ignore", "pipe", "pipe"] });
      const stdout: Buffer[] = [];
      const stderr: Buffer[] = [];
      child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
      child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
      child.once("error", reject);
      child.once("close", (code) =>
        resolve({ typed, code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() }),
      );
    });
  return {
    run: (...args) => start(maas, args, typedOf(args)),
    runOnTerminal: (...args) =>
      start("script", ["-qec", [maas, ...args].map(quoted).join(" "), "/dev/null"], typedOf(args)),
    [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** The words for a report, which shows no key. */
function typedOf(args: readonly string[]): string {
  return ["maas", ...args.map((word) => (/^\w+:\w+:\w+$/.test(word) ? "KEY" : word))].join(" ");
}

/** A word as the shell takes it back. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
