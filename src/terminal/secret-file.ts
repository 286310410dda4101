import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";

/**
 * Reads a file that holds a secret. Throws what the system says, and a sentence where too many may read or change the file:
 * all users, or a group where the file is the reading user's own. A group may have a file of another user: systemd's
 * credentials and the secrets of Kubernetes are root's, and reach the server by its group.
 */
export function readSecretFile(file: string): string {
  const opened = openSync(file, "r");
  try {
    refuseAccess(file, fstatSync(opened));
    return readFileSync(opened, "utf8");
  } finally {
    closeSync(opened);
  }
}

const readOrWrite = 0o6;

function refuseAccess(file: string, { mode, uid }: { readonly mode: number; readonly uid: number }): void {
  // Elsewhere than on POSIX systems the mode says nothing.
  const user = process.getuid?.();
  if (user === undefined) return;
  const isOpenToAll = (mode & readOrWrite) !== 0;
  const isOpenToGroup = uid === user && ((mode >> 3) & readOrWrite) !== 0;
  if (!isOpenToAll && !isOpenToGroup) return;
  const who = isOpenToAll ? "all users" : "its group";
  const bits = (mode & 0o777).toString(8).padStart(4, "0");
  const mend = uid === user ? "600" : "o=";
  throw new Error(`${file} is open to ${who} (mode ${bits}): run chmod ${mend} '${file}'`);
}
