import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";

/**
 * Makes a folder for its owner alone, and those above it. Throws what the system says.
 *
 * One by one: Node's own recursive way never ends where a file system takes no folders, such as /proc.
 */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process was quicker.
    if (!existsSync(folder)) throw error;
  }
}
