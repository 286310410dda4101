import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { DatabaseLocation } from "../../../src/database/database.ts";

/** A file of SQLite, with the append key beside it. */
export function sqliteAt(file: string): Extract<DatabaseLocation, { kind: "sqlite" }> {
  return { kind: "sqlite", file, appendKeyFile: path.join(path.dirname(file), "append.key") };
}

/** A database of PostgreSQL with the append key in a folder; without one each database has a folder of its own. */
export function postgresAt(url: string, folder = folderOf(url)): Extract<DatabaseLocation, { kind: "postgres" }> {
  return { kind: "postgres", url, appendKeyFile: path.join(folder, "append.key") };
}

/** What a command needs to find the database and its key; `data` is the data directory of one on PostgreSQL. */
export function placeArgs(location: DatabaseLocation, data: string): readonly string[] {
  return location.kind === "sqlite"
    ? ["--data", path.dirname(location.file)]
    : ["--data", data, "--database", location.url, "--append-key", location.appendKeyFile];
}

let shared: string | undefined;

function folderOf(url: string): string {
  shared ??= mkdtempSync(path.join(os.tmpdir(), "ironlog-keys-"));
  return path.join(shared, path.basename(url.split("?")[0] ?? ""));
}

// Not by node:test, whose hooks slow every promise of a benchmark down.
process.once("exit", () => {
  if (shared !== undefined) rmSync(shared, { recursive: true, force: true });
});
