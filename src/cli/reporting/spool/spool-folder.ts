import { mkdirSync, statSync } from "node:fs";
import path from "node:path";
import { CommandFailure, exitStatus } from "../../../terminal/exit.ts";
import { isLockTaken, lockFile } from "../../../terminal/file-lock.ts";

/** Where what is reported waits unless another folder is named: one for each profile and what is read for it. */
export function defaultSpoolFolder(profile: string, read: string): string {
  const shared = process.env["XDG_STATE_HOME"];
  const home = process.env["HOME"] || process.getBuiltinModule("node:os").homedir();
  // The XDG specification: a relative path is to be ignored.
  const state = shared && path.isAbsolute(shared) ? shared : path.join(home, ".local", "state");
  return path.join(state, "ironlog", "report", `${encodeURIComponent(profile)}@${encodeURIComponent(read)}`);
}

/** Makes the folder where it isn't there, and holds it until it is disposed of or the process ends. */
export function takeSpoolFolder(folder: string): Disposable {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    refuseOpenToOthers(folder);
    return lockFile(path.join(folder, "spool.lock"));
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    if (isLockTaken(error)) {
      throw failure(`Another 'ironlog report' uses the spool ${folder}: stop it, or name another folder with --spool`);
    }
    throw new Error(`Cannot use the spool ${folder}`, { cause: error });
  }
}

/** The events in it are for the log's readers alone. */
function refuseOpenToOthers(folder: string): void {
  if ((statSync(folder).mode & 0o077) === 0) return;
  throw failure(`Others can read the spool ${folder}. Run: chmod 700 '${folder}'`);
}

function failure(message: string): CommandFailure {
  return new CommandFailure(exitStatus.refused, message);
}
