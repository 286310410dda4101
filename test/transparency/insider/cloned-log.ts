import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { isDeepStrictEqual } from "node:util";
import pg from "pg";
import { sql } from "kysely";
import { defineAction } from "../../../src/audit/action.ts";
import { draftEvent } from "../../../src/audit/event-draft.ts";
import { openLog } from "../../../src/audit/open-log.ts";
import { perform } from "../../../src/audit/perform.ts";
import { Refusal } from "../../../src/refusal.ts";
import { findTrusted } from "../../../src/audit/row-trust.ts";
import type { TrustedTable } from "../../../src/database/writing/trusted-tables.ts";
import { readAppendKeys } from "../../../src/database/writing/append-key-file.ts";
import type { DatabaseLocation } from "../../../src/database/database.ts";
import { copyDatabase, queryAt, wholeNumbers } from "../../support/databases/databases.ts";
import { postgresAt, sqliteAt } from "../../support/databases/locations.ts";
import { machine } from "../../support/worlds/database-world.ts";
import { keyFiles } from "./file-parts.ts";
import type { Manipulation } from "./draw.ts";
import { itsDatabase, type OtherState, type Part, type Use } from "./part.ts";
import type { PreparedLog } from "./prepared-log.ts";

type Meddle = (statement: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** A copy of a log that somebody has meddled with. */
export interface MeddledLog extends AsyncDisposable {
  readonly location: DatabaseLocation;
  /** Where its files are. */
  readonly folder: string;
  /** What the database has not refused. */
  readonly made: readonly Part[];
  /** Why an honest server would have nothing to do with it. */
  readonly refusal: string | undefined;
  meddle: Meddle;
}

/** Makes a copy with that manipulation. One after the other: they share a folder. */
export async function meddleWith(log: PreparedLog, { parts, isUndone }: Manipulation): Promise<MeddledLog> {
  const { work: folder, stored } = log;
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  const { name, files = [] } = parts.findLast(({ state }) => state !== undefined)?.state ?? { name: "now" as const };
  for (const file of keyFiles) {
    const from = stored.folders[files.includes(file) ? name : "now"];
    copyFileSync(path.join(from, file), path.join(folder, file));
  }
  const isOnlyRows = parts.every(
    (part) => part.undo !== undefined && part.schema === undefined && part.use === undefined,
  );
  await using stack = new AsyncDisposableStack();
  const location = stack.use(await copyOf(log, name, isOnlyRows));
  const made: Part[] = [];
  if (location.kind === "postgres") await changeBytes(location, log.bases[name], parts);
  for (const part of parts) if (await isMade(log, location, part, part.statements ?? [])) made.push(part);
  if (isOnlyRows && location.kind === "postgres") stack.defer(() => undo(log, location, made));
  await putGuardsBack(log, location);
  for (const part of made) {
    if (!(await isMade(log, location, part, part.schema ?? []))) made.splice(made.indexOf(part), 1);
  }
  const [use] = made.flatMap((part) => part.use ?? []);
  const refusal = use === undefined ? undefined : await make(use, location);
  for (const { files: change } of made) change?.(folder);
  if (isUndone) await undo(log, location, made);
  if (location.kind === "sqlite") for (const { bytes } of made) bytes?.(location.file);
  const kept = stack.move();
  return {
    location,
    folder,
    made,
    refusal,
    meddle: (statement) => asSuperuser(location, async (run) => run(statement)),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** Of PostgreSQL one copy serves as long as it is put back: to make one costs five times what it takes to verify it. */
async function copyOf(
  log: PreparedLog,
  name: "now" | OtherState,
  isPutBack: boolean,
): Promise<DatabaseLocation & AsyncDisposable> {
  const { work: folder, bases } = log;
  const base = bases[name];
  if (base.kind === "sqlite") {
    const file = path.join(folder, "ironlog.db");
    copyFileSync(base.file, file);
    return { ...sqliteAt(file), [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  if (isPutBack) return { ...postgresAt(await log.copy(), folder), [Symbol.asyncDispose]: () => Promise.resolve() };
  const copy = await copyDatabase(base.url);
  return { ...postgresAt(copy.url, folder), [Symbol.asyncDispose]: () => copy[Symbol.asyncDispose]() };
}

/** False where the database refuses it: then nothing of it is done. */
async function isMade(
  log: PreparedLog,
  location: DatabaseLocation,
  { role }: Part,
  statements: readonly string[],
): Promise<boolean> {
  if (statements.length === 0) return true;
  const before: Readonly<Record<Part["role"], readonly string[]>> = {
    "file owner": ["set local session_replication_role = replica"],
    "table owner": triggersOf(statements, "disable"),
    "serving role": [`set local role ${log.role}`],
  };
  const after = role === "table owner" ? triggersOf(statements, "enable") : [];
  const all = location.kind === "sqlite" ? statements : [...before[role], ...statements, ...after];
  try {
    await asSuperuser(location, async (run) => {
      if (location.kind === "sqlite" && role === "file owner") await run("pragma foreign_keys = off");
      await run(["begin", ...all, "commit"].join(";\n"));
    });
    return true;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return false;
  }
}

/** The tables' owner takes the guards of a table away for as long as it takes. */
function triggersOf(statements: readonly string[], verb: "enable" | "disable"): readonly string[] {
  const tables = statements.flatMap(
    (statement) => /^(?:update|delete from|insert into) "?(\w+)"?/.exec(statement)?.[1] ?? [],
  );
  return [...new Set(tables)]
    .filter((table) => !table.startsWith("pg_"))
    .map((table) => `alter table "${table}" ${verb} trigger user`);
}

function isRefusal(error: unknown): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    (error.code === "ERR_SQLITE_ERROR" || /^[0-9A-Z]{5}$/.test(String(error.code)))
  );
}

async function putGuardsBack({ guards }: PreparedLog, location: DatabaseLocation): Promise<void> {
  if (location.kind === "sqlite")
    await asSuperuser(location, async (run) => run(["begin", ...guards, "commit"].join(";\n")));
}

/** By statements, and by the files as they were. */
async function undo(log: PreparedLog, location: DatabaseLocation, made: readonly Part[]): Promise<void> {
  const { folders } = log.stored;
  const schema = made.filter((part) => part.schema !== undefined).flatMap((part) => part.undo ?? []);
  const rows = made.filter((part) => part.statements !== undefined).flatMap((part) => part.undo ?? []);
  await asSuperuser(location, async (run) => {
    for (const statement of schema) await run(statement);
    if (rows.length === 0) return;
    await run(location.kind === "sqlite" ? "pragma foreign_keys = off" : "set session_replication_role = replica");
    const triggers =
      location.kind === "sqlite" ? await run("select name from sqlite_schema where type = 'trigger'") : [];
    const off = triggers.map(({ name: trigger }) => `drop trigger "${String(trigger)}"`);
    const on = triggers.length === 0 ? [] : log.guards;
    await run(["begin", ...off, ...rows, ...on, "commit"].join(";\n"));
  });
  if (made.some(({ files }) => files !== undefined)) {
    for (const file of keyFiles) {
      rmSync(path.join(path.dirname(location.appendKeyFile), file), { force: true });
      copyFileSync(path.join(folders.now, file), path.join(path.dirname(location.appendKeyFile), file));
    }
  }
}

/** What an honest server does with a row. Gives what it refuses it with. */
async function make({ table, key, how, column = "" }: Use, location: DatabaseLocation): Promise<string | undefined> {
  const change = defineAction({
    async run(tx) {
      // Any audited table will do for the types: the column becomes what it is.
      await tx
        .updateTable(table as "user")
        .set({ [column]: sql.ref(column) })
        .execute();
    },
    events: () => [draftEvent("operation.refuse", { operation: "a change" })],
  });
  try {
    await using open = await openLog(location, machine);
    if (how === "trusted") await findTrusted(open.db, table as TrustedTable, Number(key));
    else await perform(open.db, machine, change, undefined);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

/** PostgreSQL reads a page of the copy only when it is asked for. */
async function changeBytes(
  { url }: Extract<DatabaseLocation, { kind: "postgres" }>,
  base: DatabaseLocation,
  parts: readonly Part[],
): Promise<void> {
  if (base.kind === "sqlite") return;
  for (const { bytes, table } of parts) {
    if (bytes === undefined) continue;
    const [place] = await queryAt(
      base.url,
      `select current_setting('data_directory') as data, pg_relation_filenode('"${table}"') as node,
        (select oid from pg_database where datname = '${new URL(url).pathname.slice(1)}') as oid`,
    );
    bytes(path.join(String(place?.["data"]), "base", String(place?.["oid"]), String(place?.["node"])));
  }
}

/** Runs statements on one connection with every right that there is. */
async function asSuperuser<Result>(
  location: DatabaseLocation,
  work: (run: Meddle) => Promise<Result>,
): Promise<Result> {
  if (location.kind === "sqlite") {
    const database = new DatabaseSync(location.file, { defensive: false });
    try {
      return await work(async (statement) => {
        if (statement.startsWith("select ")) return database.prepare(statement).all();
        database.exec(statement);
        return [];
      });
    } finally {
      database.close();
    }
  }
  const client = new pg.Client({ connectionString: location.url, types: wholeNumbers });
  await client.connect();
  try {
    return await work(async (statement) => {
      const text = statement.replaceAll(itsDatabase, new URL(location.url).pathname.slice(1));
      return (await client.query<Record<string, unknown>>(text)).rows;
    });
  } finally {
    await client.end();
  }
}

/**
 * True where each of the log's files says what it says now, or said earlier: an older one has no effect alone. The last digits of a
 * key's base64 may differ and mean the same.
 */
export function areFilesSame(folder: string, { now, earlier }: PreparedLog["stored"]["folders"]): boolean {
  return keyFiles.every((name) => {
    const file = path.join(folder, name);
    if (statSync(file, { throwIfNoEntry: false }) === undefined) return false;
    return [now, earlier].some((others) => {
      const other = path.join(others, name);
      const areKeysSame = name === "append.key" && isDeepStrictEqual(readAppendKeys(file), readAppendKeys(other));
      return areKeysSame || readFileSync(file).equals(readFileSync(other));
    });
  });
}
