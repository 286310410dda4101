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

/** This process's own flags, but for a debugger's, whose port is taken; and no debugger by a signal. */
function nodeFlags(): readonly string[] {
  const own = process.execArgv.filter((flag) => !flag.startsWith("--inspect") && flag !== "--disable-sigusr1");
  return ["--disable-sigusr1", ...own];
}

/** Lets a process run where others leave room. */
export function yieldToOthers(pid: number): void {
  try {
    os.setPriority(pid, os.constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It may have ended already, or the system doesn't allow it.
  }
}
