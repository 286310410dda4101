import type { Database } from "../../database/database.ts";
import { mirroredSource } from "../../verifiable-log/event-source.ts";
import type { Source } from "../sources/source.ts";

type Read = Pick<Source, "name" | "generation">;

/** So many of the newest events are compared: some of them may have been deleted. */
const newestMax = 100;

/** An event of a source as it is recorded here. */
export interface RecordedId {
  readonly id: number;
  /** When that MAAS had recorded it, in microseconds. */
  readonly occurred: number;
  readonly level: number;
  readonly node: string | null;
}

/** How many events of a source are recorded, and the lowest and highest of their ids there. */
export async function countRecorded(db: Database, source: Read) {
  const row = await recordedOf(db, source)
    .select(({ fn }) => [
      fn.countAll<number>().as("shown"),
      fn.min("source_event_id").as("first"),
      fn.max("source_event_id").as("last"),
    ])
    .executeTakeFirst();
  return { shown: row?.shown ?? 0, first: row?.first ?? null, last: row?.last ?? null };
}

/** The events of a source that are recorded with ids from `first` to `last`, by id. */
export async function findRecorded(
  db: Database,
  source: Read,
  first: number,
  last: number,
): Promise<ReadonlyMap<number, RecordedId>> {
  const rows = await recordedOf(db, source)
    .select(["source_event_id", "occurred", "level", "node"])
    .where("source_event_id", ">=", first)
    .where("source_event_id", "<=", last)
    .execute();
  return new Map(rows.map((row) => [row.source_event_id ?? 0, asRecorded(row)]));
}

/** The events of a source with the highest ids, those first. */
export async function newestRecorded(db: Database, source: Read): Promise<readonly RecordedId[]> {
  const rows = await recordedOf(db, source)
    .select(["source_event_id", "occurred", "level", "node"])
    .orderBy("source_event_id", "desc")
    .limit(newestMax)
    .execute();
  return rows.map(asRecorded);
}

interface Row {
  readonly source_event_id: number | null;
  readonly occurred: number | null;
  readonly level: number;
  readonly node: string | null;
}

function asRecorded({ source_event_id: id, occurred, level, node }: Row): RecordedId {
  // A mirrored event has both.
  return { id: id ?? 0, occurred: occurred ?? 0, level, node };
}

function recordedOf(db: Database, { name, generation }: Read) {
  return db
    .selectFrom("event")
    .where("source", "=", mirroredSource(name))
    .where("generation", "=", generation)
    .where("source_event_id", "is not", null);
}
