import { copyFileSync } from "node:fs";
import { postgresAt, sqliteAt } from "../support/databases/locations.ts";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import type { DatabaseLocation } from "../../src/database/database.ts";
import { auditedTables } from "../../src/database/migrations/0001-schema.ts";
import { openForReading } from "../../src/database/reading.ts";
import { readCheckpointFile, checkpointFileOf } from "../../src/transparency/signing/checkpoint-file.ts";
import { verifyLog } from "../../src/transparency/verification/verification.ts";
import type { VerificationReport } from "../../src/transparency/verification/verification-report.ts";
import { clusterUrl } from "../support/databases/databases.ts";
import { changedTables, type Mutation, type Rows } from "./mutations.ts";
import type { SignedLog } from "./signed-log.ts";

/** Copies of a log without the database's guards, one for each change. */
export interface Unguarded {
  readonly rows: Rows;
  /** Makes a copy with the change and verifies it; the checkpoint beside the key is at hand. */
  verifyWith(mutation: Pick<Mutation, "statements">): Promise<VerificationReport>;
  /** Puts the guards of the log itself back, as an adversary would. */
  guardAgain(): Promise<void>;
}

export async function unguarded(log: SignedLog): Promise<Unguarded> {
  const rows = await readAll(log);
  const guards = await takeAllGuardsOff(log);
  const note = readCheckpointFile(checkpointFileOf(log.keyFile)) ?? "";
  const kept = [{ note, where: "log.key.checkpoint" }];
  const verify = async (location: DatabaseLocation): Promise<VerificationReport> => {
    await using reading = await openForReading(location);
    return await verifyLog(reading, { kept, trustedKeys: log.verifierKeys });
  };
  return {
    rows,
    verifyWith: ({ statements }) =>
      log.location.kind === "sqlite"
        ? withFileCopy(log.location.file, [...statements, ...guards], verify)
        : withDatabaseCopy(log.location, [...statements, ...guards], verify),
    async guardAgain() {
      for (const statement of guards) await log.meddle(statement);
    },
  };
}

async function readAll(log: SignedLog): Promise<Rows> {
  const tables = Object.entries(changedTables).map(async ([table, keys]) => {
    const rows = await log.meddle(`select * from ${table} order by ${keys.join(", ")}`);
    return [table, rows] as const;
  });
  return Object.fromEntries(await Promise.all(tables)) as unknown as Rows;
}

/** Gives the statements that put them back. */
async function takeAllGuardsOff(log: SignedLog): Promise<readonly string[]> {
  if (log.kind === "postgres") {
    const tables = new Set([...Object.keys(changedTables), ...Object.keys(auditedTables), "leaf_tile", "row_mac"]);
    for (const table of tables) await log.meddle(`alter table "${table}" disable trigger user`);
    return [...tables].map((table) => `alter table "${table}" enable trigger user`);
  }
  const triggers = await log.meddle(`select name, sql from sqlite_master where type = 'trigger'`);
  for (const { name } of triggers) await log.meddle(`drop trigger "${String(name)}"`);
  await log.meddle("pragma wal_checkpoint(truncate)");
  return triggers.map(({ sql }) => String(sql));
}

let copies = 0;

async function withFileCopy<Result>(
  file: string,
  statements: readonly string[],
  verify: (location: DatabaseLocation) => Promise<Result>,
): Promise<Result> {
  // One name for all: they come one after the other.
  const copy = path.join(path.dirname(file), "tampered.db");
  copyFileSync(file, copy);
  const database = new DatabaseSync(copy);
  try {
    for (const statement of ["begin", ...statements, "commit"]) database.exec(statement);
  } finally {
    database.close();
  }
  return verify(sqliteAt(copy));
}

async function withDatabaseCopy<Result>(
  { url, appendKeyFile }: Extract<DatabaseLocation, { kind: "postgres" }>,
  statements: readonly string[],
  verify: (location: DatabaseLocation) => Promise<Result>,
): Promise<Result> {
  copies += 1;
  const original = new URL(url).pathname.slice(1);
  const name = `${original}_tampered_${copies}`;
  const copy = url.replace(/\/[^/]+$/, `/${name}`);
  const admin = await clusterUrl();
  await runAll(admin, [`create database ${name} template ${original}`]);
  try {
    await runAll(copy, statements);
    return await verify({ ...postgresAt(copy), appendKeyFile });
  } finally {
    await runAll(admin, [`drop database ${name} with (force)`]);
  }
}

async function runAll(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
