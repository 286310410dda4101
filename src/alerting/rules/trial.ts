import type { Database } from "../../database/database.ts";
import { plainColumns } from "../../database/event-columns.ts";
import { findTimeBounds } from "../../events/filter/time-bounds.ts";
import { matchingEvents } from "../../events/filter/matching.ts";
import { type Alert, evaluate, evaluateSilence } from "../evaluation/evaluator.ts";
import { groupKey } from "../evaluation/groups.ts";
import { TrialMemory } from "../evaluation/stored-memory.ts";
import { type Rule, ruleMatcher } from "./rule.ts";
import { silenceMicrosOf } from "./silence.ts";

/** What a rule would have said of the past. */
export interface Trial {
  /** The newest alerts, the oldest of them first. */
  readonly alerts: readonly TriedAlert[];
  readonly alertCount: number;
  /** How many events were looked at, and up to which one: all of them where nothing is left. */
  readonly looked: number;
  readonly lookedTo: number;
  readonly isComplete: boolean;
}

export interface TriedAlert extends Alert {
  /** When it would have been raised, in microseconds. */
  readonly at: number;
}

const batchMax = 2_000;
/** Some ten seconds' worth: a trial is a question, and others wait. */
const lookedMax = 500_000;
const alertsShown = 100;

/** Looks at what was recorded since a time, in microseconds, with a rule. Changes nothing. */
export async function tryRule(db: Database, rule: Rule, since: number, now: number): Promise<Trial> {
  const matcher = ruleMatcher(rule);
  const memory = new TrialMemory();
  const silence = rule.kind === "absence" ? await silenceMicrosOf(db, rule) : undefined;
  const first = await findTimeBounds(db, { since });
  const alerts: TriedAlert[] = [];
  let alertCount = 0;
  const add = (more: readonly Alert[], at: number): void => {
    alertCount += more.length;
    alerts.push(...more.map((alert) => ({ ...alert, at })));
    alerts.splice(0, alerts.length - alertsShown);
  };
  let lookedTo = (first?.idFrom ?? 1) - 1;
  const firstEvent = await db
    .selectFrom("event")
    .select("created")
    .where("id", ">", lookedTo)
    .orderBy("id")
    .limit(1)
    .executeTakeFirst();
  const begun = Math.max(since, firstEvent?.created ?? since);
  // It waits from the beginning on, as it does from the moment in which it is made.
  if (silence !== undefined) evaluateSilence(rule, memory, begun, silence);
  const silenceBefore = (time: number): void => {
    if (silence === undefined) return;
    const end = (memory.get(groupKey([]))?.seenAt ?? begun) + silence + 1;
    if (end <= time) add(evaluateSilence(rule, memory, end, silence), end);
  };
  let looked = 0;
  for (let isEnd = first === undefined; !isEnd && looked < lookedMax;) {
    const events = await db
      .selectFrom("event")
      .select(plainColumns)
      .where("id", ">", lookedTo)
      .orderBy("id")
      .limit(batchMax)
      .execute();
    for (const event of await matchingEvents(db, matcher, events)) {
      silenceBefore(event.created);
      if (event.created >= since) add(evaluate(rule, memory, event), event.created);
    }
    looked += events.length;
    lookedTo = events.at(-1)?.id ?? lookedTo;
    isEnd = events.length < batchMax;
  }
  const isComplete = looked < lookedMax;
  if (isComplete) silenceBefore(now);
  return { alerts, alertCount, looked, lookedTo, isComplete };
}
