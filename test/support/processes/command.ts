import path from "node:path";
import { freshFolder } from "../databases/databases.ts";
import { type End, packagedFile, root, startProcess } from "./program.ts";

/** What a command that has ended left. */
export interface Ran extends End {
  readonly stdout: string;
  readonly stderr: string;
  readonly stdoutBytes: Buffer;
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** What people type, as a file. */
export const ironlogFile = packagedFile ?? path.join(root, "bin/ironlog");

/** The same by its second name. */
export const maasFile = path.join(path.dirname(ironlogFile), "maas");

/** Runs a command to its end. */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { input, ...rest } = options;
  await using process = startProcess({ command, args, hasInput: input !== undefined, ...rest });
  if (input !== undefined) process.write(input, true);
  const end = await process.ended;
  return { ...end, stdout: process.stdout, stderr: process.stderr, stdoutBytes: process.stdoutBytes };
}

/** Somebody at a command line, with profiles of their own that are gone when they are. */
export interface Shell extends Disposable {
  readonly profiles: string;
  /** The variables that their commands run with. */
  readonly env: Readonly<Record<string, string>>;
  ironlog(args: readonly string[], options?: RunOptions): Promise<Ran>;
}

export function openShell(): Shell {
  const { folder, [Symbol.dispose]: remove } = freshFolder();
  const env = { IRONLOG_CONFIG_DIR: path.join(folder, "ironlog") };
  return {
    profiles: path.join(folder, "ironlog", "profiles"),
    env,
    ironlog: (args, options = {}) => run(ironlogFile, args, { ...options, env: { ...env, ...options.env } }),
    [Symbol.dispose]: remove,
  };
}

/** Whether a program is there; tests that need it skip aloud where it isn't. */
export async function hasProgram(name: string): Promise<boolean> {
  return (await run("/bin/sh", ["-c", `command -v ${name}`])).code === 0;
}
