import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { DatabaseLocation } from "../database/database.ts";
import { schemaSteps } from "../database/migrate.ts";
import { type Snapshot, type StoredRow, withSnapshot } from "../database/copying/snapshot.ts";
import { factsOf, namesOfTables, type OwnedTables, type TableName } from "../database/owned-tables.ts";
import { Refusal } from "../refusal.ts";
import { draftFile, whyNotMade } from "../terminal/whole-file.ts";
import { rfc3339Micros } from "../time.ts";
import { CopyDigest, type CopyHeader, type CopyKind, copyVersion, writeRow } from "./copy-format.ts";

/** Rows that are read at a time. */
const pageSize = 1_000;

export interface WantedCopy {
  readonly location: DatabaseLocation;
  readonly file: string;
  readonly tables: OwnedTables;
  readonly kind: CopyKind;
  /** Microseconds. */
  readonly now: number;
  /** What is recorded of the copy: once its file is there, and before anything is read. */
  before(): Promise<void>;
}

/**
 * Writes all that the database holds at one moment to a new file, for its owner alone. On disk on return; what fails or is
 * interrupted leaves no file. Refuses with `invalid` a file that is there already or can't be made: then nothing has happened.
 */
export async function writeCopy({ location, file, tables, kind, now, before }: WantedCopy): Promise<CopyHeader> {
  using draft = orRefusal(file, () => draftFile(file, "refuse"));
  await before();
  const header = await withSnapshot(location, tables, async (snapshot) => {
    const first = await headerOf(snapshot, kind, now);
    const lines = Readable.from(chunks(snapshot, tables, first, kind));
    await pipeline(lines, createGzip({ level: 6 }), createWriteStream(draft.path, { flags: "r+" }));
    return first;
  });
  orRefusal(file, () => draft.keep());
  return header;
}

function orRefusal<Result>(file: string, write: () => Result): Result {
  try {
    return write();
  } catch (error) {
    throw new Refusal("invalid", `cannot make the file ${file} ${whyNotMade(error)}`, { cause: error });
  }
}

async function headerOf({ db }: Snapshot, kind: CopyKind, now: number): Promise<CopyHeader> {
  const { last_event_id } = await db.selectFrom("log_head").select("last_event_id").executeTakeFirstOrThrow();
  const { users } = await db
    .selectFrom("user")
    .select(({ fn }) => fn.countAll<number>().as("users"))
    .executeTakeFirstOrThrow();
  const identity = await db
    .selectFrom("log_identity")
    .select("origin")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return {
    ironlog_copy: copyVersion,
    kind,
    schema: schemaSteps,
    origin: identity?.origin ?? null,
    events: last_event_id,
    users,
    created: rfc3339Micros(now),
  };
}

/** The whole file, some lines at a time. */
async function* chunks(
  snapshot: Snapshot,
  tables: OwnedTables,
  header: CopyHeader,
  kind: CopyKind,
): AsyncGenerator<string> {
  const digest = new CopyDigest();
  const counted = (lines: readonly string[]): string => {
    for (const line of lines) digest.add(line);
    return lines.map((line) => `${line}\n`).join("");
  };
  yield counted([JSON.stringify(header)]);
  for (const table of namesOfTables(tables)) {
    // That it was moved is true of where it was, not of where it goes.
    if (table === "log_move" && kind === "move") continue;
    yield counted([JSON.stringify(await tableLine(snapshot, tables, table))]);
    let last: StoredRow | undefined;
    do {
      const rows: readonly StoredRow[] = await snapshot.readRows(table, last, pageSize);
      if (rows.length > 0) yield counted(rows.map(writeRow));
      last = rows.length < pageSize ? undefined : rows.at(-1);
    } while (last !== undefined);
  }
  yield `${JSON.stringify(digest.end())}\n`;
}

async function tableLine(snapshot: Snapshot, tables: OwnedTables, table: TableName) {
  return factsOf(tables, table).isDrawn === true ? { table, last_drawn: await snapshot.lastDrawn(table) } : { table };
}
