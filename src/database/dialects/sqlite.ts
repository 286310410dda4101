import fs from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { Kysely } from "kysely";
import type { Database, OpenDatabase } from "../database.ts";
import { failureKind, findDiskFailure, refuseChanged, UnusableDatabase } from "../failures.ts";
import { makeFolder } from "../make-folder.ts";
import { migrate } from "../migrate.ts";
import { findSqliteFault } from "../needs.ts";
import { findSqliteSchemaFaults } from "../schema-check/sqlite-examination.ts";
import type { Tables } from "../tables.ts";
import type { AppendKeys } from "../writing/append-keys.ts";
import { registerWriter } from "../writing/writer.ts";
import { forbidRewriting } from "./sqlite-authorizer.ts";
import { NodeSqliteDialect } from "./node-sqlite.ts";
import { SqliteWriter } from "./sqlite-writer.ts";

/** Another process may be bringing the same new file up to date. */
const openAttemptsMax = 100;
const openRetryMs = 50;

/** Opens the file twice: once to write, once in a way that can't. A copy has its tables, as they must be. */
export async function openSqlite(file: string, keys: AppendKeys, isCopy = false): Promise<OpenDatabase> {
  const writing = await patiently(file, () => openForWriting(file));
  try {
    const migrated = isCopy ? [] : await patiently(file, () => migrateFile(writing));
    if (!isCopy) refuseChanged(findSqliteSchemaFaults(writing));
    // Only now is it sure that the file is ours: the mode stays with it.
    await patiently(file, () => writing.exec("pragma journal_mode = wal"));
    await patiently(file, () => forgetStatistics(writing));
    forbidRewriting(writing);
    const reading = new DatabaseSync(file, { readOnly: true, timeout: readTimeoutMs });
    // 32 MiB of pages: the upper levels of every index of a large log stay in memory.
    reading.exec("pragma cache_size = -32768");
    // The same object behind a type that has no way to write; the connection refuses it as well.
    const db = new Kysely<Tables>({ dialect: new NodeSqliteDialect(reading) }) as unknown as Database;
    const writer = new SqliteWriter(writing, keys);
    registerWriter(db, writer);
    return {
      db,
      appendKeys: keys,
      migrated,
      nonces: undefined,
      leases: undefined,
      async [Symbol.asyncDispose]() {
        await writer[Symbol.asyncDispose]();
        reading.close();
        writing.close();
      },
    };
  } catch (error) {
    writing.close();
    throw error;
  }
}

async function migrateFile(writing: DatabaseSync): Promise<readonly string[]> {
  return migrate(new Kysely<Tables>({ dialect: new NodeSqliteDialect(writing) }), "sqlite");
}

/**
 * Empties what `analyze` or `pragma optimize` has left. Ironlog never gathers statistics: its indexes are made for its queries, and without
 * statistics SQLite picks them whatever the tables hold. Those of an almost empty log would have it read whole tables for ever.
 */
function forgetStatistics(database: DatabaseSync): void {
  const tables = database
    .prepare("select name from sqlite_schema where name in ('sqlite_stat1', 'sqlite_stat4')")
    .all();
  if (tables.length === 0) return;
  for (const { name } of tables) database.exec(`delete from ${String(name)}`);
  // What this connection has read of them is read again.
  database.exec("analyze sqlite_schema");
}

/** Readers wait for nobody in WAL mode, but for the moments in which the log file is recovered or reset. */
const readTimeoutMs = 1_000;

function openForWriting(file: string): DatabaseSync {
  makeFolder(path.dirname(file));
  if (!fs.existsSync(file)) fs.closeSync(fs.openSync(file, "a", 0o600));
  // SQLite would open a file that it may only read, and fail at the first change.
  fs.accessSync(file, fs.constants.W_OK);
  // Timeout 0: SQLite would wait by stopping the whole process. The writer waits by itself.
  const database = new DatabaseSync(file, { timeout: 0, enableForeignKeyConstraints: true });
  try {
    database.enableDefensive(true);
    // FULL: a commit is on disk before anybody is told of it. NORMAL would lose the last ones in a power cut.
    database.exec("pragma synchronous = full");
    // What an action may have to take back. In a file, each group of actions would make one, and delete it.
    database.exec("pragma temp_store = memory");
    database.exec("pragma trusted_schema = off");
    refuseUnfit(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Throws `UnusableDatabase` for a file that isn't what a log's must be, and SQLite's own error for what is no database. */
export function refuseUnfit(database: DatabaseSync): void {
  // The pragma alone would make up an answer for what is no database.
  database.prepare("select count(*) from sqlite_schema").get();
  const fault = findSqliteFault(database.prepare("pragma encoding").get()?.["encoding"]);
  if (fault !== undefined) throw new UnusableDatabase(fault);
}

async function patiently<Result>(file: string, open: () => Result | Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await open();
    } catch (error) {
      if (failureKind(error) === "retry" && attempt < openAttemptsMax) {
        await sleep(openRetryMs);
        continue;
      }
      throw asUnusableFile(file, error);
    }
  }
}

/** An error of SQLite's or of the file system's as a sentence that names the mend; else the error. */
export function asUnusableFile(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof UnusableDatabase) return error;
  const unusable = (sentence: string, mayPass = false) => new UnusableDatabase(sentence, { mayPass, cause: error });
  const code = "code" in error ? error.code : undefined;
  if (code === "EACCES" || code === "EPERM" || code === "EROFS" || code === "ENOTDIR" || code === "EEXIST") {
    return unusable(
      `cannot write to ${path.dirname(file)} (${error.message}): give this user the folder, or name another with --data`,
    );
  }
  const diskFailure = findDiskFailure(error, file);
  if (diskFailure !== undefined) return diskFailure;
  const errcode = "errcode" in error && typeof error.errcode === "number" ? error.errcode & 0xff : 0;
  switch (errcode) {
    case 5:
    case 6:
      return unusable(`another program holds ${file} locked: stop it, or wait for it to finish`, true);
    case 8:
    case 14:
      return unusable(
        `cannot write to ${file} (${error.message}): check the owner and mode of the file and its folder`,
      );
    case 11:
    case 26:
      return unusable(`${file} is damaged or no SQLite database (${error.message}): restore it from a backup`);
    default:
      return error;
  }
}
