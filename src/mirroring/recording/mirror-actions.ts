import { mirroredSource } from "../../verifiable-log/event-source.ts";
import { AlreadyDone, defineAction, type Tx } from "../../audit/action.ts";
import { draftEvent } from "../../audit/event-draft.ts";
import { canonicalJson } from "../../verifiable-log/canonical-json.ts";
import type { LogTables } from "../../database/tables.ts";
import type { Run } from "../ledger/run.ts";
import { sourceTarget } from "../sources/source-actions.ts";
import { type Source } from "../sources/source.ts";
import { type MaasEvent, mirroredDraft } from "./mirrored-event.ts";

/** So many events share a transaction: what people do meanwhile waits for them. */
export const mirroredEventsMax = 1_000;

type Mirrored = Pick<Source, "id" | "name" | "generation">;

export interface MirroredRows {
  readonly source: Mirrored;
  /** In the order of their ids, at most `mirroredEventsMax`. */
  readonly rows: readonly MaasEvent[];
}

/** Records rows of a source, each once for good. Throws `AlreadyDone` where all of them are recorded. */
export const recordMirrored = defineAction({
  async run(tx, { source, rows }: MirroredRows) {
    const known = await findMirrored(tx, source, rows);
    const [first, ...others] = rows.filter(({ id }) => !known.has(id)).map((row) => mirroredDraft(source, row));
    if (first === undefined) throw new AlreadyDone();
    return [first, ...others] as const;
  },
  events: (drafts) => drafts,
});

async function findMirrored(
  tx: Tx,
  { name, generation }: Mirrored,
  rows: readonly MaasEvent[],
): Promise<ReadonlySet<number>> {
  const found = await tx
    .withTables<Pick<LogTables, "event">>()
    .selectFrom("event")
    .select("source_event_id")
    .where("source", "=", mirroredSource(name))
    .where("generation", "=", generation)
    .where("source_event_id", ">=", rows[0]?.id ?? 0)
    .where("source_event_id", "<=", rows.at(-1)?.id ?? 0)
    .execute();
  return new Set(found.map(({ source_event_id }) => source_event_id ?? 0));
}

export interface FoundRuns {
  readonly source: Mirrored;
  readonly state: "vanished" | "changed";
  readonly runs: readonly [Run, ...Run[]];
}

/**
 * Tells that rows which were mirrored are gone or have another content now: an event for each run, once for good. Throws `AlreadyDone`
 * where all of them were told, before a crash that kept the ledger from it.
 */
export const recordDifference = defineAction({
  async run(tx, { source, state, runs }: FoundRuns) {
    const action = state === "vanished" ? "source.vanish" : "source.change";
    const target = sourceTarget(source);
    const detailsOf = ({ first, last }: Run) => ({ generation: source.generation, first, last });
    const told = await tx
      .withTables<Pick<LogTables, "event">>()
      .selectFrom("event")
      .select("details")
      .where("target_id", "=", target.id)
      .where("action", "=", action)
      .where(
        "details",
        "in",
        runs.map((run) => canonicalJson(detailsOf(run))),
      )
      .execute();
    const known = new Set(told.map(({ details }) => details));
    const [first, ...others] = runs
      .filter((run) => !known.has(canonicalJson(detailsOf(run))))
      .map((run) =>
        draftEvent(action, { name: source.name, ...run }, { outcome: "failure", target, details: detailsOf(run) }),
      );
    if (first === undefined) throw new AlreadyDone();
    return [first, ...others] as const;
  },
  events: (drafts) => drafts,
});

/** Tells that a source's ids mean other events now, so that it isn't read any more. */
export const recordSetBack = defineAction({
  async run(_tx, _given: { readonly source: Mirrored; readonly reason: string }) {},
  events: (_result, { source, reason }) => [
    draftEvent(
      "source.set_back",
      { name: source.name, reason },
      { outcome: "failure", target: sourceTarget(source), details: { generation: source.generation } },
    ),
  ],
});
