import { mirroredSource } from "../../verifiable-log/event-source.ts";
import type { Database } from "../../database/database.ts";
import type { EventTable } from "../../database/tables.ts";
import { canonicalJson } from "../../verifiable-log/canonical-json.ts";
import { type MaasEvent, mirroredDraft } from "../recording/mirrored-event.ts";
import { type Source } from "../sources/source.ts";
import { type FoundInState, findRuns, type SourcePosition } from "./position.ts";
import { nowMicros } from "../../time.ts";
import { runsOf } from "./run.ts";

/** Rows that are compared at once. */
const comparedRowsMax = 1_000;
/** One event tells of at most so many ids. */
const runLengthMax = 1_000;

/** A source that can be asked for rows by id. */
export interface RowReader {
  /** Rows with ids above `after` and up to `to`, in the order of their ids, at most `rowsMax`. */
  read(after: number, to: number, rowsMax: number): Promise<readonly MaasEvent[]>;
}

export interface Comparing {
  readonly db: Database;
  readonly maas: RowReader;
  readonly source: Source;
  readonly position: SourcePosition;
}

export interface ComparedPage {
  readonly position: Pick<SourcePosition, "compared_to" | "pass_ended">;
  /** What hasn't been told of before. */
  readonly found: readonly FoundInState[];
  /** Rows that are there now under ids that were taken for gaps. */
  readonly late: readonly MaasEvent[];
}

/** Compares the rows behind `position.compared_to` with what was mirrored of them. */
export async function comparePage({ db, maas, source, position }: Comparing): Promise<ComparedPage> {
  const from = position.compared_to;
  const ours = await db
    .selectFrom("event")
    .select(comparedColumns)
    .where("source", "=", mirroredSource(source.name))
    .where("generation", "=", source.generation)
    .where("source_event_id", ">", from)
    .where("source_event_id", "<=", position.recorded_to)
    .orderBy("source_event_id")
    .limit(comparedRowsMax)
    .execute();
  const isLast = ours.length < comparedRowsMax;
  const oursTo = isLast ? position.recorded_to : (ours.at(-1)?.source_event_id ?? from);
  // More of theirs than of ours: rows that came where gaps had been.
  const theirs = await maas.read(from, oursTo, 2 * comparedRowsMax);
  const isCut = theirs.length === 2 * comparedRowsMax;
  const to = isCut ? (theirs.at(-1)?.id ?? oursTo) : oursTo;
  const byId = new Map(theirs.map((row) => [row.id, row]));
  const known = new Map(ours.map((event) => [event.source_event_id ?? 0, event]));
  const range = { first: from + 1, last: to };
  const told = {
    vanished: await findRuns(db, source, "vanished", range),
    changed: await findRuns(db, source, "changed", range),
  };
  const isTold = (state: keyof typeof told, id: number): boolean =>
    told[state].some(({ first, last }) => first <= id && id <= last);
  const inRange = [...known.keys()].filter((id) => id <= to);
  const vanished = inRange.filter((id) => !byId.has(id) && !isTold("vanished", id));
  const changed = inRange.filter((id) => {
    const row = byId.get(id);
    const event = known.get(id);
    return row !== undefined && event !== undefined && !isSame(source, row, event) && !isTold("changed", id);
  });
  const noted = nowMicros();
  return {
    position: isLast && !isCut ? { compared_to: 0, pass_ended: noted } : { compared_to: to, pass_ended: null },
    found: [
      { state: "vanished", runs: runsOf(vanished, runLengthMax), noted },
      { state: "changed", runs: runsOf(changed, runLengthMax), noted },
    ],
    late: theirs.filter(({ id }) => !known.has(id)),
  };
}

const comparedColumns = [
  "source_event_id",
  "level",
  "type",
  "occurred",
  "username",
  "realm_user_id",
  "description",
  "details",
  "ip",
  "user_agent",
  "endpoint",
  "node",
] as const satisfies readonly (keyof EventTable)[];

/** Whether a row is what was mirrored. When its node is deleted MAAS changes two columns: those don't count. */
function isSame(source: Source, row: MaasEvent, event: Pick<EventTable, (typeof comparedColumns)[number]>): boolean {
  const draft = mirroredDraft(source, row);
  return (
    draft.level === event.level &&
    draft.type === event.type &&
    draft.occurred === event.occurred &&
    draft.username === event.username &&
    draft.realmUserId === event.realm_user_id &&
    draft.description === event.description &&
    (draft.details ? canonicalJson(draft.details) : null) === event.details &&
    draft.ip === event.ip &&
    draft.userAgent === event.user_agent &&
    draft.endpoint === event.endpoint &&
    draft.node === event.node
  );
}
