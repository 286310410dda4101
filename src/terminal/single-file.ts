import path from "node:path";
import { isSea } from "node:sea";

/** Whether this is the executable that holds Node, the program and its pages in one file. */
export const isSingleFile: boolean = isSea();

/** What starts this program again: its main file, or the executable itself. */
export function ownFile(): string {
  return isSingleFile ? process.execPath : (process.argv[1] ?? "");
}

/** The name that the executable was called by: a link may have another one than the file. */
export function calledBy(): string | undefined {
  return isSingleFile ? path.basename(process.argv0) : undefined;
}
