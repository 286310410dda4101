import type { DatabaseLocation } from "./database.ts";
import { asUnusableServer } from "./dialects/postgres-failures.ts";
import { asUnusableFile } from "./dialects/sqlite.ts";

/** Waits for work on a database. What stands in its way is thrown as `UnusableDatabase`, where whoever gave the place can mend it. */
export async function namingMend<Result>(location: DatabaseLocation, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw location.kind === "sqlite" ? asUnusableFile(location.file, error) : asUnusableServer(location.url, error);
  }
}
