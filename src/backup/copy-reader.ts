import { createReadStream } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import type { Actor } from "../audit/actor.ts";
import { growLog, nextTime } from "../audit/growth.ts";
import type { DatabaseLocation } from "../database/database.ts";
import { openDatabase } from "../database/opening.ts";
import { failureKind } from "../database/failures.ts";
import { isUnused, type Loading, loadInto } from "../database/copying/loading.ts";
import { schemaSteps } from "../database/migrate.ts";
import type { StoredRow } from "../database/copying/snapshot.ts";
import type { OwnedTables, TableName } from "../database/owned-tables.ts";
import type { EventTable } from "../database/tables.ts";
import { Refusal } from "../refusal.ts";
import type { KeptCheckpoint } from "../transparency/verification/checkpoint-check.ts";
import { readHashes } from "../transparency/queries.ts";
import { verifyLog } from "../transparency/verification/verification.ts";
import { tileWidth } from "../verifiable-log/tree.ts";
import { type Arrival, recordArrival } from "./actions.ts";
import { CopyDigest, type CopyHeader, type CopyKind, parseHeader, parseLine } from "./copy-format.ts";

/** Rows that are inserted at a time. */
const batchSize = 500;

export interface ArrivingCopy {
  readonly location: DatabaseLocation;
  readonly file: string;
  readonly tables: OwnedTables;
  readonly kind: CopyKind;
  readonly kept: readonly KeptCheckpoint[];
  readonly machine: Actor;
  readonly takesOver?: boolean;
}

/**
 * Fills a database that nobody has used from a copy of that kind, records its arrival, verifies the log that it then holds,
 * and only then commits: all in one transaction. Refuses with `invalid` a file that isn't whole or a log that isn't what was
 * recorded, with `conflict` a database that is in use; the database is then as it was.
 */
export async function readCopy({
  location,
  file,
  tables,
  kind,
  kept,
  machine,
  takesOver = false,
}: ArrivingCopy): Promise<CopyHeader> {
  // Made first, so that a file that can't be read makes no database.
  const { lines, header } = await openCopy(file, kind);
  await refuseUsed(location);
  await loadInto(location, async (loading) => {
    await blamingFile(file, async () => {
      await loadLines(loading, tables, lines, header, file);
      await loading.authenticateRows();
      await appendArrival(loading, { kind, file: path.basename(file), events: header.events, takesOver }, machine);
    });
    const report = await verifyLog(loading.reading, { kept });
    const { integrity, completeness } = report;
    if (integrity.verdict === "intact" && completeness.verdict === "complete") return;
    const fault = integrity.faults[0];
    const what =
      fault === undefined
        ? "events are missing"
        : `${fault.event === null ? "" : `event ${fault.event}: `}${fault.what}`;
    throw new Refusal("invalid", `the log in ${file} is not what was recorded (${what}): nothing was loaded`);
  });
  return header;
}

interface OpenCopy {
  readonly lines: AsyncIterator<string>;
  readonly header: CopyHeader;
}

async function openCopy(file: string, kind: CopyKind): Promise<OpenCopy> {
  const lines = linesOf(file);
  try {
    const first = await lines.next();
    const header = parseHeader(first.done === true ? "" : first.value);
    if (header.kind !== kind) {
      throw new Error(
        header.kind === "move"
          ? "it is a log that was moved: use ironlog log import"
          : "it is a backup: use ironlog restore",
      );
    }
    const missing = header.schema.filter((step) => !schemaSteps.includes(step));
    if (missing.length > 0) throw new Error(`it was made by a newer Ironlog (${missing.join(", ")})`);
    if (header.schema.length < schemaSteps.length) {
      throw new Error("it was made by an older Ironlog: read it with that one, then start this one on the result");
    }
    return { lines, header };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal("invalid", `cannot use ${file}: ${reason}`, { cause: error });
  }
}

/** The lines of a compressed file. Throws what stands in the way, wherever in the file it is. */
async function* linesOf(file: string): AsyncGenerator<string, undefined> {
  // Whoever reads the last stream gets the errors of all.
  const unzipped = pipeline(createReadStream(file), createGunzip(), () => {});
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  for await (const chunk of unzipped) {
    const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
  return undefined;
}

async function refuseUsed(location: DatabaseLocation): Promise<void> {
  await using open = await openDatabase(location);
  if (await isUnused(open.db)) return;
  throw new Refusal("conflict", "this database has served already: give one that is empty, with --data or --database");
}

/** Records where the log came from as its first event here. A database that was loaded always has it. */
async function appendArrival(loading: Loading, arrival: Arrival, machine: Actor): Promise<void> {
  const head = await loading.reading.db.selectFrom("log_head").selectAll().executeTakeFirstOrThrow();
  const { created, step } = nextTime(head.last_created);
  const drafts = recordArrival.events(arrival, arrival, machine).map((draft) => ({ draft, actor: machine }));
  const grown = growLog(head, created, step === undefined ? drafts : [step, ...drafts]);
  await loading.insert("event", grown.rows.map(asStored));
  const nodes = grown.nodes.map(({ level, index, hash }) => ({ level, position: index, hash }));
  await loading.insert("tree_node", nodes);
  for (const { position } of nodes.filter(({ level }) => level === 1)) {
    const hashes = await readHashes(loading.reading.db, 0, position * tileWidth, tileWidth);
    await loading.insert("leaf_tile", [{ position, hashes: Buffer.concat(hashes) }]);
  }
  await loading.insert("log_head", [{ ...grown.head }]);
}

function asStored(row: EventTable): StoredRow {
  return { ...row };
}

/** Whatever a row breaks, in the file's form or in the tables' rules, the file is what is wrong. */
async function blamingFile(file: string, load: () => Promise<void>): Promise<void> {
  try {
    await load();
  } catch (error) {
    if (error instanceof Refusal || isOfTheWorld(error)) throw error;
    throw damaged(file, error instanceof Error ? error.message : String(error));
  }
}

/** A full disk or a lost connection says nothing of the file. */
function isOfTheWorld(error: unknown): boolean {
  return failureKind(error) !== "other";
}

async function loadLines(
  loading: Loading,
  tables: OwnedTables,
  lines: AsyncIterator<string>,
  header: CopyHeader,
  file: string,
): Promise<void> {
  const digest = new CopyDigest();
  digest.add(JSON.stringify(header));
  let table: TableName | undefined;
  let batch: StoredRow[] = [];
  const flush = async (): Promise<void> => {
    if (table !== undefined && batch.length > 0) await loading.insert(table, batch);
    else if (batch.length > 0) throw new Error("a row belongs to no table");
    batch = [];
  };
  const drawn: (readonly [TableName, number])[] = [];
  for (;;) {
    const next = await nextLine(lines, file);
    const line = parseLine(next, tables);
    if ("end" in line) {
      await flush();
      const own = digest.end();
      if (line.end !== own.end || line.sha256 !== own.sha256)
        throw damaged(file, "its lines are not those that were written");
      if ((await lines.next()).done !== true) throw damaged(file, "there is more behind its end");
      break;
    }
    digest.add(next);
    if ("table" in line) {
      await flush();
      ({ table } = line);
      if (line.last_drawn !== undefined) drawn.push([table, line.last_drawn]);
      continue;
    }
    batch.push(line.row);
    if (batch.length >= batchSize) await flush();
  }
  for (const [name, last] of drawn) await loading.setLastDrawn(name, last);
}

async function nextLine(lines: AsyncIterator<string>, file: string): Promise<string> {
  try {
    const next = await lines.next();
    if (next.done === true) throw new Error("it ends too early");
    return next.value;
  } catch (error) {
    throw damaged(file, error instanceof Error ? error.message : String(error));
  }
}

function damaged(file: string, reason: string): Refusal {
  return new Refusal("invalid", `${file} is damaged (${reason}): nothing was loaded`);
}
