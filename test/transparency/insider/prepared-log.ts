import { copyFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { mock } from "node:test";
import { DatabaseSync } from "node:sqlite";
import { refuseOperation } from "../../../src/audit/machine-actions.ts";
import { perform } from "../../../src/audit/perform.ts";
import { recordGrant } from "../../../src/backup/actions.ts";
import type { DatabaseLocation } from "../../../src/database/database.ts";
import { grantRole } from "../../../src/database/dialects/postgres.ts";
import { tablesOfAll } from "../../../src/slices.ts";
import { checkpointFileOf } from "../../../src/transparency/signing/checkpoint-file.ts";
import {
  clusterUrl,
  copyDatabase,
  freshFolder,
  migratedLocation,
  type Kind,
  queryAt,
} from "../../support/databases/databases.ts";
import { postgresAt, sqliteAt } from "../../support/databases/locations.ts";
import { machine } from "../../support/worlds/database-world.ts";
import { changedTables, type Row, type Rows } from "../mutations.ts";
import { inSession, makeSignedLogAnew, type SignedLog } from "../signed-log.ts";
import type { OtherState, Stored } from "./part.ts";
import { type StateRows, stateTables } from "./state-mutations.ts";

/** A log that somebody is about to meddle with, and other states of it; copies are made of each. */
export interface PreparedLog extends AsyncDisposable {
  readonly stored: Stored;
  readonly bases: Readonly<Record<"now" | OtherState, DatabaseLocation>>;
  /** On SQLite what puts the guards back, which the bases lack. */
  readonly guards: readonly string[];
  /** The name of PostgreSQL's serving role. */
  readonly role: string;
  /** A folder for copies. */
  readonly work: string;
  /** The URL of PostgreSQL's copy that is put back after each manipulation. */
  copy(): Promise<string>;
}

type Unserved = Parameters<NonNullable<Parameters<typeof makeSignedLogAnew>[1]>>[0];

export async function prepareLog(kind: Kind): Promise<PreparedLog> {
  await using stack = new AsyncDisposableStack();
  const { folder } = stack.use(freshFolder());
  const places = ["now", "earlier", "forked", "stranger", "work"] as const;
  const folders = Object.fromEntries(places.map((name) => [name, path.join(folder, name)])) as Record<
    (typeof places)[number],
    string
  >;
  for (const place of Object.values(folders)) mkdirSync(place);
  const role = `serving_${process.pid}`;
  if (kind === "postgres") stack.use(await freshRole(role));
  const bases: Partial<Record<"now" | OtherState, DatabaseLocation>> = {};
  let earlier: StateRows = {};
  const log = stack.use(
    await makeSignedLogAnew(kind, async (early) => {
      earlier = (await readStored(early)).state;
      if (early.location.kind === "postgres") {
        await letServe(early, early.location.url, role);
        // For deep verifications.
        await early.meddle("create extension amcheck");
      }
      for (const name of ["earlier", "forked"] as const) bases[name] = stack.use(await copyLog(early, folders[name]));
      await goOnOtherwise(bases["forked"] as DatabaseLocation, folders.forked);
    }),
  );
  bases.now = stack.use(await copyLog(log, folders.now));
  await makeStranger(folders.stranger);
  const whole = bases as Record<"now" | OtherState, DatabaseLocation>;
  const definitions = await readDefinitions(log);
  const guards = kind === "postgres" ? [] : (Object.values(whole).map(takeGuardsOff).at(-1) ?? []);
  const kept = stack.move();
  let copy: Promise<string> | undefined;
  return {
    stored: {
      kind,
      ...(await readStored(log)),
      earlier,
      definitions,
      folders,
    },
    bases: whole,
    guards,
    role,
    work: folders.work,
    async copy() {
      copy ??= copyLog(log, folders.work).then((made) => {
        const { url } = kept.use(made) as Extract<DatabaseLocation, { kind: "postgres" }>;
        return url;
      });
      return copy;
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** All that statements change, in the order of its keys. */
export async function readStored(
  log: Pick<SignedLog, "meddle" | "kind">,
): Promise<Pick<Stored, "rows" | "state" | "sequences">> {
  return {
    rows: (await readTables(log, changedTables)) as unknown as Rows,
    state: await readTables(log, stateTables),
    sequences: await readSequences(log),
  };
}

async function readTables(
  { meddle }: Pick<SignedLog, "meddle">,
  tables: Readonly<Record<string, readonly string[]>>,
): Promise<Readonly<Record<string, readonly Row[]>>> {
  const read: Record<string, readonly Row[]> = {};
  for (const [table, keys] of Object.entries(tables)) {
    const rows = await meddle(`select * from "${table}" order by ${keys.map((key) => `"${key}"`).join(", ")}`);
    read[table] = rows as readonly Row[];
  }
  return read;
}

/** The last number that each table's keys were drawn from. */
async function readSequences({
  meddle,
  kind,
}: Pick<SignedLog, "meddle" | "kind">): Promise<ReadonlyMap<string, number>> {
  const rows = await meddle(
    kind === "sqlite"
      ? "select name, seq as last from sqlite_sequence order by name"
      : `select relname as name, pg_sequence_last_value(pg_get_serial_sequence(format('%I', relname), 'id')) as last
          from pg_class join pg_attribute on attrelid = pg_class.oid and attname = 'id' and attidentity <> ''
          where relnamespace = 'public'::regnamespace and relkind = 'r' order by relname`,
  );
  return new Map(rows.flatMap(({ name, last }) => (last === null ? [] : [[String(name), Number(last)]])));
}

async function readDefinitions({ meddle, kind }: SignedLog): Promise<ReadonlyMap<string, string>> {
  const rows = await meddle(
    kind === "sqlite"
      ? "select name, sql from sqlite_schema where sql is not null"
      : "select indexname as name, indexdef as sql from pg_indexes where schemaname = 'public'",
  );
  return new Map(rows.map(({ name, sql }) => [String(name), String(sql)]));
}

/** A copy of a database that nobody has open, and of the files that belong to it. */
async function copyLog({ location, keyFile }: Unserved, folder: string): Promise<DatabaseLocation & AsyncDisposable> {
  for (const [from, to] of [
    [location.appendKeyFile, "append.key"],
    [`${location.appendKeyFile}.seen`, "append.key.seen"],
    [keyFile, "log.key"],
    [checkpointFileOf(keyFile), "log.key.checkpoint"],
  ] as const) {
    copyFileSync(from, path.join(folder, to));
  }
  if (location.kind === "sqlite") {
    const file = path.join(folder, "ironlog.db");
    copyFileSync(location.file, file);
    return { ...sqliteAt(file), [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  const copy = await copyDatabase(location.url);
  return { ...postgresAt(copy.url, folder), [Symbol.asyncDispose]: () => copy[Symbol.asyncDispose]() };
}

/** Other events behind the same beginning, more of them, signed by the same keys. */
async function goOnOtherwise(location: DatabaseLocation, folder: string): Promise<void> {
  mock.timers.setTime(Date.now() + 600_000);
  await inSession(location, path.join(folder, "log.key"), async (db, signer) => {
    const act = async () => perform(db, machine, refuseOperation, { operation: "other", path: "/" });
    await Promise.all(Array.from({ length: 250 }, act));
    await signer.sign();
  });
}

/** The files of a log of somebody else's. */
async function makeStranger(folder: string): Promise<void> {
  await using fresh = await migratedLocation("sqlite");
  const keyFile = path.join(folder, "log.key");
  const location = { ...fresh.location, appendKeyFile: path.join(folder, "append.key") };
  await inSession(location, keyFile, async (db, signer) => {
    await perform(db, machine, refuseOperation, { operation: "x", path: "/" });
    await signer.sign();
  });
}

async function freshRole(role: string): Promise<AsyncDisposable> {
  const admin = await clusterUrl();
  await queryAt(admin, `create role ${role}`);
  return {
    async [Symbol.asyncDispose]() {
      await queryAt(admin, `drop role ${role}`);
    },
  };
}

async function letServe({ location, keyFile }: Unserved, url: string, role: string): Promise<void> {
  const rights = await grantRole(url, role, await tablesOfAll());
  await inSession(location, keyFile, (db) => perform(db, machine, recordGrant, { role, rights }));
}

/** Gives the statements that put them back. */
function takeGuardsOff(location: DatabaseLocation): readonly string[] {
  if (location.kind === "postgres") return [];
  const database = new DatabaseSync(location.file);
  const triggers = database.prepare("select name, sql from sqlite_schema where type = 'trigger'").all();
  for (const { name } of triggers) database.exec(`drop trigger "${String(name)}"`);
  database.exec("pragma wal_checkpoint(truncate)");
  database.close();
  return triggers.map(({ sql }) => String(sql));
}
