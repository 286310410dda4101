import os from "node:os";
import { isSingleFile } from "./single-file.ts";

/** What starts a command of this program in a process of its own: `mainFile` is the program's, or the executable that holds it all. */
export function ownCommand(
  mainFile: string,
  words: readonly string[],
): readonly [file: string, args: readonly string[]] {
  // The executable brings flags of its own, and takes every word as one for the program.
  return [process.execPath, [...(isSingleFile() ? [] : [...nodeFlags(), mainFile]), ...words]];
}

/** V8's room for what is short-lived, in MiB: what runs beside a server has time, and the room is the machine's. */
const semiSpaceMiB = 4;

/** This process's own flags, but for a debugger's, whose port is taken; no debugger by a signal, and less room. */
function nodeFlags(): readonly string[] {
  const own = process.execArgv.filter((flag) => !/^--(inspect|disable-sigusr1|m(ax|in)-semi-space-size)/.test(flag));
  return ["--disable-sigusr1", `--max-semi-space-size=${semiSpaceMiB}`, ...own];
}

/** Lets a process run where others leave room. */
export function yieldToOthers(pid: number): void {
  try {
    os.setPriority(pid, os.constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It may have ended already, or the system doesn't allow it.
  }
}
