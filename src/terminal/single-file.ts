import path from "node:path";

/** Whether this is the executable that holds Node, the program and its pages in one file. */
export function isSingleFile(): boolean {
  // Node's module is only loaded where it may say yes: every client command would wait for it.
  if (/\.[cm]?[jt]s$/.test(process.argv[1] ?? "")) return false;
  return process.getBuiltinModule("node:sea").isSea();
}

/** What starts this program again: its main file, or the executable itself. */
export function ownFile(): string {
  return isSingleFile() ? process.execPath : (process.argv[1] ?? "");
}

/** The name that the executable was called by: a link may have another one than the file. */
export function calledBy(): string | undefined {
  return isSingleFile() ? path.basename(process.argv0) : undefined;
}
