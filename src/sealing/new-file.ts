import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";

/** Writes a file that isn't there yet, for its owner alone. On disk on return. */
export function writeNewFile(file: string, text: string): void {
  const opened = openSync(file, "wx", 0o600);
  try {
    writeSync(opened, text);
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}
