import type { Actor } from "../../audit/actor.ts";
import { AlreadyDone, defineAction, type Reader, type Tx } from "../../audit/action.ts";
import type { ReportedDraft } from "../../audit/event-draft.ts";
import { actingUser } from "../../http/authentication/acting-user.ts";
import { hostnamesOf } from "../../nodes/inventory/node-queries.ts";
import { Refusal } from "../../refusal.ts";
import { mirroredName } from "../../verifiable-log/event-source.ts";
import type { Keyed, Report } from "./report.ts";

/** What became of an event that was reported. */
export interface ReportedAs {
  readonly id: number;
  readonly status: "recorded" | "duplicate";
}

/**
 * Records what another program reports: all of it or nothing. What its reporter has reported before under the same key is
 * not recorded again, and gets its old id.
 */
export const recordReport = defineAction({
  async run(tx, report: Report, actor, firstEventId) {
    const known = await findReported(tx, report, actor);
    const drafts: ReportedDraft[] = [];
    const answers: ReportedAs[] = [];
    const fresh = new Map<string, number>();
    for (const [index, { draft, keyed }] of report.events.entries()) {
      const seen = known.get(index) ?? (keyed === undefined ? undefined : fresh.get(keyed.key));
      if (seen !== undefined) {
        answers.push({ id: seen, status: "duplicate" });
        continue;
      }
      const id = firstEventId + drafts.length;
      if (keyed !== undefined) fresh.set(keyed.key, id);
      drafts.push(draft);
      answers.push({ id, status: "recorded" });
    }
    const [first, ...others] = await withGenerations(tx, await withHostnames(tx, drafts));
    if (first === undefined) throw new AlreadyDone();
    await keepKeys(tx, report, answers, actingUser(actor).id);
    return { drafts: [first, ...others] as const, answers };
  },
  events: ({ drafts }) => drafts,
});

/** What is told of a MAAS is told of it as it is mirrored now: another one may bear its name later. */
async function withGenerations(tx: Tx, drafts: readonly ReportedDraft[]): Promise<readonly ReportedDraft[]> {
  const sources = new Set(drafts.map(({ source }) => source).filter((source) => source !== "external"));
  const generations = new Map<string, number>();
  for (const source of sources) {
    const name = mirroredName(source);
    const row = await tx.selectFrom("source").select("generation").where("name", "=", name).executeTakeFirst();
    if (row === undefined) {
      throw new Refusal("conflict", `No MAAS is mirrored as '${name}', so that nothing can be reported of it.`);
    }
    generations.set(source, row.generation);
  }
  return drafts.map((draft) => {
    const generation = generations.get(draft.source);
    return generation === undefined ? draft : { ...draft, generation };
  });
}

/** The ids of a report that has been recorded as a whole before; undefined if there is anything new in it. */
export async function findRepeated(
  db: Reader,
  report: Report,
  actor: Actor,
): Promise<readonly ReportedAs[] | undefined> {
  const known = await findReported(db, report, actor);
  const answers = report.events.map((_, index) => known.get(index));
  if (answers.includes(undefined)) return undefined;
  return answers.map((id) => ({ id: id ?? 0, status: "duplicate" }));
}

/** The ids of those events that were recorded before, by their place in the report. Refuses another report under an old key. */
async function findReported(db: Reader, report: Report, actor: Actor): Promise<ReadonlyMap<number, number>> {
  const reporter = actingUser(actor).id;
  if (report.request !== undefined) {
    const [row] = await findKeys(db, reporter, "request", [report.request.key]);
    if (row === undefined) return new Map();
    if (!isSame(row, report.request)) throw otherReport("Idempotency-Key", report.request.key);
    return new Map(report.events.map((_, index) => [index, row.first_event_id + index]));
  }
  const keyed = report.events.flatMap(({ keyed: one }, index) => (one === undefined ? [] : [{ ...one, index }]));
  if (keyed.length === 0) return new Map();
  const rows = await findKeys(db, reporter, "event", [...new Set(keyed.map(({ key }) => key))]);
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const ids = new Map<number, number>();
  const earlier = new Map<string, Keyed>();
  for (const one of keyed) {
    const row = byKey.get(one.key);
    const before = earlier.get(one.key);
    const isOther = (row !== undefined && !isSame(row, one)) || (before !== undefined && !isSame(before, one));
    if (isOther) throw otherReport(report.isMany ? `[${one.index}].key` : "key", one.key);
    if (row !== undefined) ids.set(one.index, row.first_event_id);
    earlier.set(one.key, one);
  }
  return ids;
}

function isSame(one: Pick<Keyed, "digest">, other: Pick<Keyed, "digest">): boolean {
  return Buffer.compare(one.digest, other.digest) === 0;
}

function otherReport(field: string, key: string): Refusal {
  const sentence = `Something else was reported under the key '${key}' before. Nothing was recorded; use a new key.`;
  return new Refusal("conflict", sentence, { fields: { [field]: [sentence] } });
}

async function findKeys(db: Reader, reporter: number, covers: "event" | "request", keys: readonly string[]) {
  return db
    .selectFrom("report")
    .select(["key", "digest", "first_event_id"])
    .where("user_id", "=", reporter)
    .where("covers", "=", covers)
    .where("key", "in", keys)
    .execute();
}

async function keepKeys(tx: Tx, report: Report, answers: readonly ReportedAs[], reporter: number): Promise<void> {
  const ids = answers.map(({ id }) => id);
  const rows =
    report.request === undefined
      ? report.events.flatMap(({ keyed }, index) => {
          const isNew = answers[index]?.status === "recorded";
          return keyed !== undefined && isNew ? [keyRow("event", keyed, ids[index] ?? 0, 1)] : [];
        })
      : [keyRow("request", report.request, ids[0] ?? 0, ids.length)];
  if (rows.length === 0) return;
  await tx
    .insertInto("report")
    .values(rows.map((row) => ({ ...row, user_id: reporter })))
    .execute();
}

function keyRow(covers: "event" | "request", { key, digest }: Keyed, firstEventId: number, count: number) {
  return { covers, key, digest, first_event_id: firstEventId, event_count: count };
}

/** A node that the reporter names by its system id alone has the hostname that it has now. */
async function withHostnames(tx: Tx, drafts: readonly ReportedDraft[]): Promise<readonly ReportedDraft[]> {
  const unnamed = drafts.flatMap(({ node, hostname }) => (node !== null && hostname === null ? [node] : []));
  if (unnamed.length === 0) return drafts;
  const names = await hostnamesOf(tx, [...new Set(unnamed)]);
  return drafts.map((draft) => {
    const { node, hostname } = draft;
    return node === null || hostname !== null ? draft : { ...draft, hostname: names.get(node) ?? null };
  });
}
