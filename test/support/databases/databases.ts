import assert from "node:assert/strict";
import { postgresAt, sqliteAt } from "./locations.ts";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import type { Socket } from "node:net";
import path from "node:path";
import { after } from "node:test";
import pg from "pg";
import type { Database, DatabaseLocation } from "../../../src/database/database.ts";
import { openCopy } from "../../../src/database/opening.ts";
import { type Cluster, startCluster } from "./postgres-cluster.ts";
import { makeTemplate, makeTemplateFile } from "./templates.ts";
import { shareNames } from "../share-names.ts";

/** Both databases: every storage test runs on each. */
export const kinds = ["sqlite", "postgres"] as const;
export type Kind = (typeof kinds)[number];

/** A place for a database that nobody else uses, empty, and gone when it is disposed of. */
export interface FreshLocation extends AsyncDisposable {
  readonly location: DatabaseLocation;
  /** Runs a statement behind Ironlog's back, as somebody with the database's password would. */
  meddle(statement: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

export async function freshLocation(kind: Kind): Promise<FreshLocation> {
  return kind === "sqlite" ? freshFile() : freshPostgres();
}

export interface FreshDatabase extends AsyncDisposable {
  readonly db: Database;
  readonly location: DatabaseLocation;
  meddle: FreshLocation["meddle"];
}

/** The same with its tables and nothing in them, as a first start leaves it before anything is recorded. */
export async function migratedLocation(kind: Kind): Promise<FreshLocation> {
  if (kind === "postgres") return freshPostgres(await migratedTemplate());
  const template = await migratedFile();
  const fresh = await freshFile();
  assert(fresh.location.kind === "sqlite");
  copyFileSync(template, fresh.location.file);
  return fresh;
}

/** An open database with its tables and nothing in them. */
export async function freshDatabase(kind: Kind): Promise<FreshDatabase> {
  const fresh = await migratedLocation(kind);
  const open = await openCopy(fresh.location);
  return {
    db: open.db,
    location: fresh.location,
    meddle: fresh.meddle,
    async [Symbol.asyncDispose]() {
      await open[Symbol.asyncDispose]();
      await fresh[Symbol.asyncDispose]();
    },
  };
}

/** A folder that is gone when it is disposed of. */
export function freshFolder(): Disposable & { readonly folder: string } {
  const folder = mkdtempSync(path.join(os.tmpdir(), "ironlog-test-"));
  // The process that keeps the search index of a server that was killed may still end its batch.
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }) };
}

async function freshFile(): Promise<FreshLocation> {
  const { folder, [Symbol.dispose]: remove } = freshFolder();
  const file = path.join(folder, "ironlog.db");
  return {
    location: sqliteAt(file),
    async meddle(statement) {
      const { DatabaseSync } = await import("node:sqlite");
      const database = new DatabaseSync(file, { timeout: 5_000 });
      try {
        return database.prepare(statement).all();
      } finally {
        database.close();
      }
    },
    async [Symbol.asyncDispose]() {
      remove();
    },
  };
}

let cluster: Promise<Cluster> | undefined;
// At the top of the file: inside a test it would be that test's end.
// One that did not start is the tests' to tell of: it must not keep the other hooks from ending what they started.
after(async () => (await cluster?.catch(() => undefined))?.stop());
let databasesMade = 0;

/** The URL of the run's cluster; of this process's own where no set-up has started one. */
export async function clusterUrl(): Promise<string> {
  const shared = process.env[shareNames.cluster];
  if (shared !== undefined) return shared;
  cluster ??= startCluster();
  return (await cluster).url;
}

let template: Promise<string> | undefined;

/** A database of the cluster with its tables and nothing in them: to copy one is quicker than to migrate it. */
async function migratedTemplate(): Promise<string> {
  const shared = process.env[shareNames.template];
  if (shared !== undefined) return shared;
  template ??= clusterUrl().then(makeTemplate);
  return template;
}

let templateFile: Promise<string> | undefined;
const templateFolders: Disposable[] = [];
after(() => {
  for (const folder of templateFolders) folder[Symbol.dispose]();
});

/** The same as a file of SQLite. */
async function migratedFile(): Promise<string> {
  const shared = process.env[shareNames.file];
  if (shared !== undefined) return shared;
  templateFile ??= (async () => {
    const folder = freshFolder();
    templateFolders.push(folder);
    return makeTemplateFile(folder.folder);
  })();
  return templateFile;
}

/** A fifth of the work that PostgreSQL's own way would be. Version 14 knows no other. */
const byFiles = process.env["IRONLOG_TEST_POSTGRES"] === "14" ? "" : " strategy file_copy";

async function freshPostgres(from = "template1") {
  const { url, [Symbol.asyncDispose]: drop } = await makeDatabase(from);
  return {
    location: postgresAt(url),
    meddle: async (statement: string) => queryAt(url, statement),
    [Symbol.asyncDispose]: drop,
  };
}

/** A copy of a database of the cluster that nobody has open. */
export async function copyDatabase(url: string): Promise<AsyncDisposable & { readonly url: string }> {
  return makeDatabase(new URL(url).pathname.slice(1));
}

async function makeDatabase(from: string) {
  const url = await clusterUrl();
  databasesMade += 1;
  const name = `test_${process.pid}_${databasesMade}`;
  await administer(url, `create database ${name} template ${from}${byFiles}`);
  return {
    url: url.replace(/\/postgres$/, `/${name}`),
    async [Symbol.asyncDispose]() {
      await administer(url, `drop database ${name} with (force)`);
    },
  };
}

let administrator: Promise<pg.Client> | undefined;
let statementsAsked = 0;

/** Runs a statement on the connection that this process keeps for making databases. It keeps the process from ending only meanwhile. */
async function administer(url: string, statement: string): Promise<void> {
  administrator ??= connectTo(url);
  const client = await administrator;
  const stream = client.connection.stream as Socket;
  statementsAsked += 1;
  stream.ref();
  try {
    await client.query(statement);
  } finally {
    statementsAsked -= 1;
    if (statementsAsked === 0) stream.unref();
  }
}

async function connectTo(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  // The cluster may end before this process does.
  client.on("error", () => {});
  await client.connect();
  return client;
}

const int8 = 20;

/** Whole numbers as SQLite gives them; by itself node-postgres gives text. */
export const wholeNumbers = {
  getTypeParser: ((oid: number, format?: "text" | "binary") =>
    oid === int8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

/** Runs a statement on a connection of its own. */
export async function queryAt(url: string, statement: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new pg.Client({ connectionString: url, types: wholeNumbers });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}
