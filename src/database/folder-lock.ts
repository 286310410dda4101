import { closeSync, fchmodSync, openSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { makeFolder } from "./make-folder.ts";
import { failureKind, findDiskFailure, UnusableDatabase } from "./failures.ts";

/**
 * Takes a data directory for one server, until the lock is disposed of or the process ends, however it ends.
 *
 * Node has no `flock`; an open exclusive transaction on a small database of its own does the same.
 * Throws `UnusableDatabase` if another server has it, or if it can't be written.
 */
export function lockFolder(folder: string): Disposable {
  let database: DatabaseSync | undefined;
  try {
    makeFolder(folder);
    const file = path.join(folder, "server.lock");
    closeToOthers(file);
    database = new DatabaseSync(file, { timeout: 0 });
    database.exec("begin exclusive");
  } catch (error) {
    database?.close();
    if (failureKind(error) === "retry") {
      throw new UnusableDatabase(`another Ironlog serves ${folder}: stop it, or name another folder with --data`, {
        mayPass: true,
        cause: error,
      });
    }
    const diskFailure = findDiskFailure(error, folder);
    if (diskFailure !== undefined) throw diskFailure;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnusableDatabase(
      `cannot write to ${folder} (${reason}): give this user the folder, or name another with --data`,
      { cause: error },
    );
  }
  const held = database;
  return { [Symbol.dispose]: () => held.close() };
}

/** Whoever may open the file may hold its lock, and keep every server from starting. */
function closeToOthers(file: string): void {
  const opened = openSync(file, "a", 0o600);
  try {
    fchmodSync(opened, 0o600);
  } finally {
    closeSync(opened);
  }
}
