import path from "node:path";
import { lockFile } from "../terminal/file-lock.ts";
import { makeFolder } from "./make-folder.ts";
import { failureKind, findDiskFailure, UnusableDatabase } from "./failures.ts";

/**
 * Takes a data directory for one server, until the lock is disposed of or the process ends, however it ends.
 *
 * Throws `UnusableDatabase` if another server has it, or if it can't be written.
 */
export function lockFolder(folder: string): Disposable {
  try {
    makeFolder(folder);
    return lockFile(path.join(folder, "server.lock"));
  } catch (error) {
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
}
