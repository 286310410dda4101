import { readFileSync } from "node:fs";
import { findErrorCode } from "../../terminal/exit.ts";
import { writeWhole } from "../../terminal/whole-file.ts";

// The last checkpoint that a key has signed, beside the key and so outside the database: whoever can rewrite the database
// can't rewrite this too, and a database from a backup is found to be older than it.

/** The file for the key in `keyFile`. */
export function checkpointFileOf(keyFile: string): string {
  return `${keyFile}.checkpoint`;
}

/** The note in the file; undefined if there is none yet. */
export function readCheckpointFile(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (findErrorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Replaces the note; it is on disk on return, and a crash leaves the old one or the new one. */
export function writeCheckpointFile(file: string, note: string): void {
  writeWhole(file, note, "replace");
}
