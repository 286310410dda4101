import type { Database } from "../../database/database.ts";
import type { SourcePosition } from "../ledger/position.ts";
import { newestRecorded } from "../recording/recorded-ids.ts";
import { type Source } from "../sources/source.ts";
import type { MaasDatabase, Place } from "./maas-database.ts";

export interface SetBackQuestion {
  readonly db: Database;
  readonly maas: MaasDatabase;
  readonly source: Source;
  readonly position: SourcePosition;
  readonly place: Place;
  /** The newest id there; 0 where there is none. */
  readonly lastId: number;
}

/**
 * Says why the ids of a source don't mean what they did: it was restored from a backup, or lost events in a fail-over, and gives
 * the same ids again. Undefined where they do.
 */
export async function findReasonSetBack({
  db,
  maas,
  source,
  position,
  place,
  lastId,
}: SetBackQuestion): Promise<string | undefined> {
  if (position.recorded_to === 0) return undefined;
  const ours = await newestRecorded(db, source);
  const [newest, oldest] = [ours[0]?.id, ours.at(-1)?.id];
  if (newest === undefined || oldest === undefined) return undefined;
  const theirs = new Map((await maas.read(oldest - 1, newest, newest - oldest + 1)).map((row) => [row.id, row]));
  const other = ours.find(({ id, occurred }) => {
    const row = theirs.get(id);
    return row !== undefined && row.created !== occurred;
  });
  if (other !== undefined) return `event ${other.id} is another one there now`;
  const isSamePlace = position.place !== null && JSON.stringify(place) === position.place;
  if (isSamePlace || lastId >= newest) return undefined;
  return `its newest event is ${lastId} now, and it was ${newest}`;
}
