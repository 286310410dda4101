import * as fs from "node:fs";
import path from "node:path";

/**
 * Gives every file of a folder, and the folder, the same time and one of two modes, so that a package of them depends on
 * nothing of this machine.
 */
export function settle(folder: string, epochSeconds: number): void {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) settle(file, epochSeconds);
    else if (entry.isSymbolicLink()) fs.lutimesSync(file, epochSeconds, epochSeconds);
    else {
      fs.chmodSync(file, (fs.statSync(file).mode & 0o100) === 0 ? 0o644 : 0o755);
      fs.utimesSync(file, epochSeconds, epochSeconds);
    }
  }
  fs.chmodSync(folder, 0o755);
  fs.utimesSync(folder, epochSeconds, epochSeconds);
}
