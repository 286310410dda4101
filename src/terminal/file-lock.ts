import { closeSync, fchmodSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/**
 * Holds a file's lock until it is disposed of or the process ends, however it ends.
 *
 * Node has no `flock`; an open exclusive transaction on a small database of its own does the same.
 * Throws what SQLite says (`isLockTaken` where another process has it) or the system.
 */
export function lockFile(file: string): Disposable {
  closeToOthers(file);
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec("begin exclusive");
  } catch (error) {
    database.close();
    throw error;
  }
  return { [Symbol.dispose]: () => database.close() };
}

/** SQLITE_BUSY. */
const busy = 5;

export function isLockTaken(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === busy;
}

/** A user who can open the file could hold its lock, and keep everybody else from starting. */
function closeToOthers(file: string): void {
  const opened = openSync(file, "a", 0o600);
  try {
    fchmodSync(opened, 0o600);
  } finally {
    closeSync(opened);
  }
}
