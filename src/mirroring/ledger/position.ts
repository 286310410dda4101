import type { Reader } from "../../audit/action.ts";
import type { Database } from "../../database/database.ts";
import type { KeepBooks } from "../../database/leases.ts";
import type { BookkeepingTables } from "../../database/tables.ts";
import type { ExpressionBuilder, Transaction } from "kysely";
import { nowMicros } from "../../time.ts";
import type { RunState, SourcePositionTable } from "../tables.ts";
import type { Source } from "../sources/source.ts";
import { mergeRuns, type Run, without } from "./run.ts";

type Books = Transaction<BookkeepingTables>;
type Following = Pick<Source, "id" | "generation">;
export type SourcePosition = Omit<SourcePositionTable, "source_id" | "generation">;

const atBeginning: SourcePosition = {
  recorded_to: 0,
  reread_from: null,
  first_id: null,
  shown: null,
  place: null,
  set_back: null,
  read_at: null,
  grown_at: null,
  compared_to: 0,
  pass_started: null,
  pass_ended: null,
};

/** How far a generation of a source has been read: at its beginning where nothing was. */
export async function readPosition(db: Database, { id, generation }: Following): Promise<SourcePosition> {
  const row = await db.selectFrom("source_position").selectAll().where("source_id", "=", id).executeTakeFirst();
  if (row === undefined || row.generation !== generation) return atBeginning;
  const { source_id: _, generation: __, ...position } = row;
  return position;
}

/** Runs that were found in one state. */
export interface FoundInState {
  readonly state: RunState;
  readonly runs: readonly Run[];
  /** When, in microseconds. */
  readonly noted: number;
}

export interface Move {
  readonly position: SourcePosition;
  readonly found?: readonly FoundInState[];
  /** Ids of rows that came where gaps had been. */
  readonly late?: readonly number[];
}

/** Notes how far a source has been read, and what was found of its ids; all of it or nothing. */
export function movePosition(
  keepBooks: KeepBooks,
  source: Following,
  { position, found = [], late = [] }: Move,
): Promise<void> {
  return keepBooks(async (tx) => {
    const row = { ...position, generation: source.generation };
    await tx
      .insertInto("source_position")
      .values({ source_id: source.id, ...row })
      .onConflict((conflict) => conflict.column("source_id").doUpdateSet(row))
      .execute();
    for (const one of found) await addRuns(tx, source, one);
    await fillGaps(tx, source, late);
  });
}

/** More would be too many values for one statement. */
const rowsOfStatementMax = 500;

/** Adds runs, each as one with those that it touches. */
async function addRuns(tx: Books, source: Following, { state, runs, noted }: FoundInState): Promise<void> {
  if (runs.length === 0) return;
  const near = await takeRuns(tx, source, state, {
    first: Math.min(...runs.map((run) => run.first)) - 1,
    last: Math.max(...runs.map((run) => run.last)) + 1,
  });
  await putRuns(tx, source, { state, runs: mergeRuns([...runs, ...near]), noted });
}

/** Takes ids out of the gaps that they had been a part of. */
async function fillGaps(tx: Books, source: Following, ids: readonly number[]): Promise<void> {
  const [first] = ids;
  const last = ids.at(-1);
  if (first === undefined || last === undefined) return;
  const near = await takeRuns(tx, source, "gap", { first, last });
  await putRuns(tx, source, { state: "gap", runs: near.flatMap((run) => without(run, ids)), noted: nowMicros() });
}

/** Removes the runs that touch those ids; gives them. */
async function takeRuns(tx: Books, { id, generation }: Following, state: RunState, { first, last }: Run) {
  const isNear = (eb: ExpressionBuilder<BookkeepingTables, "source_run">) =>
    eb.and([
      eb("source_id", "=", id),
      eb("generation", "=", generation),
      eb("state", "=", state),
      eb("first_id", "<=", last),
      eb("last_id", ">=", first),
    ]);
  const rows = await tx.selectFrom("source_run").select(["first_id", "last_id"]).where(isNear).execute();
  await tx.deleteFrom("source_run").where(isNear).execute();
  return rows.map((row): Run => ({ first: row.first_id, last: row.last_id }));
}

async function putRuns(tx: Books, { id, generation }: Following, { state, runs, noted }: FoundInState): Promise<void> {
  const rows = runs.map((run) => ({
    source_id: id,
    generation,
    state,
    first_id: run.first,
    last_id: run.last,
    noted,
  }));
  for (let at = 0; at < rows.length; at += rowsOfStatementMax) {
    await tx
      .insertInto("source_run")
      .values(rows.slice(at, at + rowsOfStatementMax))
      .execute();
  }
}

/** Runs of that state that touch ids from `first` to `last`, ascending. */
export async function findRuns(
  db: Reader & Pick<Database, "selectFrom">,
  { id, generation }: Following,
  state: RunState,
  { first, last }: Run,
): Promise<readonly Run[]> {
  const rows = await db
    .selectFrom("source_run")
    .select(["first_id", "last_id"])
    .where("source_id", "=", id)
    .where("generation", "=", generation)
    .where("state", "=", state)
    .where("first_id", "<=", last)
    .where("last_id", ">=", first)
    .orderBy("first_id")
    .execute();
  return rows.map((row) => ({ first: row.first_id, last: row.last_id }));
}

/** How many ids of a source are in each state. */
export async function countRuns(db: Database, source: Following): Promise<Readonly<Record<RunState, number>>> {
  const sums = await db
    .selectFrom("source_run")
    .select(({ fn, eb }) => [
      "state",
      fn.sum<number | string>(eb("last_id", "-", eb.ref("first_id"))).as("spans"),
      fn.countAll<number>().as("runs"),
    ])
    .where("source_id", "=", source.id)
    .where("generation", "=", source.generation)
    .groupBy("state")
    .execute();
  const countOf = (state: RunState): number => {
    const sum = sums.find((one) => one.state === state);
    return sum === undefined ? 0 : Number(sum.spans) + sum.runs;
  };
  return { gap: countOf("gap"), vanished: countOf("vanished"), changed: countOf("changed") };
}

export interface NotedRun extends Run {
  readonly state: RunState;
  /** When it was found, in microseconds. */
  readonly noted: number;
}

/** So many runs are shown. */
const shownRunsMax = 1000;

/** The newest runs of a source, the highest ids first. */
export async function newestRuns(db: Database, source: Following): Promise<readonly NotedRun[]> {
  const rows = await db
    .selectFrom("source_run")
    .select(["state", "first_id", "last_id", "noted"])
    .where("source_id", "=", source.id)
    .where("generation", "=", source.generation)
    .orderBy("first_id", "desc")
    .limit(shownRunsMax)
    .execute();
  return rows.map(({ state, first_id, last_id, noted }) => ({ state, first: first_id, last: last_id, noted }));
}
