import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { makeFolder } from "./make-folder.ts";
import { failureKind, UnusableDatabase } from "./failures.ts";

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
    database = new DatabaseSync(path.join(folder, "server.lock"), { timeout: 0 });
    database.exec("begin exclusive");
  } catch (error) {
    database?.close();
    if (failureKind(error) === "retry") {
      throw new UnusableDatabase(`another Ironlog serves ${folder}: stop it, or name another folder with --data`, {
        cause: error,
      });
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnusableDatabase(
      `cannot write to ${folder} (${reason}): give this user the folder, or name another with --data`,
      { cause: error },
    );
  }
  const held = database;
  return { [Symbol.dispose]: () => held.close() };
}
