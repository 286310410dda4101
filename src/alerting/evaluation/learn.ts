import type { Database } from "../../database/database.ts";
import { plainColumns } from "../../database/event-columns.ts";
import { type EventMatcher, matchingEvents } from "../../events/filter/matching.ts";
import { findTimeBounds } from "../../events/filter/time-bounds.ts";
import type { Rule } from "../rules/rule.ts";
import { evaluate, unseenMicros } from "./evaluator.ts";
import { keysOf } from "./groups.ts";
import type { StoredMemory } from "./stored-memory.ts";

const batchMax = 2_000;
/** What lies further back is not looked at: alerts wait meanwhile. */
const learnedMax = 500_000;

/** Where it stands that a rule has learned; no group has such a key. */
const learned = "learned";

/** Has a rule that looks for what is new remember what the log has seen before that event. Once for each rule. */
export async function learnPast(
  db: Database,
  { rule, matcher, memory }: { readonly rule: Rule; readonly matcher: EventMatcher; readonly memory: StoredMemory },
  before: number,
  now: number,
): Promise<void> {
  await memory.load(db, [learned]);
  if (memory.get(learned) !== undefined) return;
  const bounds = await findTimeBounds(db, { since: now - unseenMicros });
  let at = Math.max((bounds?.idFrom ?? 1) - 1, before - 1 - learnedMax);
  while (at < before - 1) {
    const events = await db
      .selectFrom("event")
      .select(plainColumns)
      .where("id", ">", at)
      .where("id", "<", before)
      .orderBy("id")
      .limit(batchMax)
      .execute();
    const last = events.at(-1);
    if (last === undefined) break;
    const meant = await matchingEvents(db, matcher, events);
    await memory.load(
      db,
      meant.flatMap((event) => keysOf(rule, event)),
    );
    for (const event of meant) evaluate(rule, memory, event);
    at = last.id;
  }
  memory.set(learned, { ring: [], seenAt: now, raisedAt: null, longest: null });
}
