import type { PlainEvent } from "../../database/event-columns.ts";
import type { Rule } from "../rules/rule.ts";
import { type Grouped, groupKey, groupsOf } from "./groups.ts";

/** When an event was recorded, in microseconds, and its id. */
export type SeenEvent = readonly [time: number, id: number];

/** What is remembered of a group. */
export interface GroupState {
  /** The last ones, the oldest first. It is changed in place: of hundreds a copy for each event would cost the most. */
  readonly ring: SeenEvent[];
  readonly seenAt: number;
  readonly raisedAt: number | null;
  /** The longest time without any, in microseconds. */
  readonly longest: number | null;
}

/** What a rule remembers of its groups. */
export interface RuleMemory {
  get(key: string): GroupState | undefined;
  set(key: string, state: GroupState): void;
}

/** What a rule has to say. */
export interface Alert {
  readonly rule: Rule;
  /** What tells the group apart, one value for each grouping. */
  readonly group: readonly string[];
  /** The events that led to it, the oldest first; of an absence the last one before it, if there was one. */
  readonly events: readonly number[];
  /** How many there were, or for how long there was none. */
  readonly count: number | null;
  readonly silentMicros: number | null;
  /** The last event that led to it; for none the negative time since when one was waited for. */
  readonly lastId: number;
}

/** Beyond it what happened was told too late to be news: an import, a spool. */
const lateMicros = 3_600_000_000;
/** What wasn't seen for so long is new. */
export const unseenMicros = 90 * 86_400_000_000;
const second = 1_000_000;
/** Of a threshold more are not remembered one by one. */
const countMax = 10_000;
const noGroup = groupKey([]);

/**
 * What a rule says of an event that it is about, in the order of ids. An event that it has had already changes nothing.
 * What it remembers is of no use once it has failed.
 */
export function evaluate(rule: Rule, memory: RuleMemory, event: PlainEvent): readonly Alert[] {
  if (rule.kind === "absence") return endSilence(rule, memory, event);
  if (event.occurred !== null && event.occurred < event.created - lateMicros) return [];
  const groups = groupsOf(event, rule);
  return groups.flatMap((group) =>
    rule.kind === "threshold" ? count(rule, memory, event, group) : meet(rule, memory, event, group),
  );
}

/** What a rule about silence says at a time at which nothing newer is in the log. */
export function evaluateSilence(rule: Rule, memory: RuleMemory, now: number, silenceMicros: number): readonly Alert[] {
  const state = memory.get(noGroup);
  if (state === undefined) {
    // It begins to wait.
    memory.set(noGroup, { ring: [], seenAt: now, raisedAt: null, longest: null });
    return [];
  }
  const { seenAt, raisedAt } = state;
  if (now - seenAt <= silenceMicros || (raisedAt !== null && raisedAt >= seenAt)) return [];
  if (raisedAt !== null && now - raisedAt < rule.quietSeconds * second) return [];
  memory.set(noGroup, { ...state, raisedAt: now });
  return silenceAlert(rule, state, now - seenAt, silenceMicros);
}

function silenceAlert(rule: Rule, state: GroupState, silentMicros: number, silenceMicros: number): readonly Alert[] {
  const wasSilentBefore = (state.longest ?? 0) > silenceMicros;
  if (rule.shipped?.isFirstTimeOnly === true && wasSilentBefore) return [];
  const last = state.ring.at(-1)?.[1];
  const events = last === undefined ? [] : [last];
  // Where none ever came, the wait is told from others by its beginning.
  const lastId = last ?? -state.seenAt;
  return [{ rule, group: [], events, count: null, silentMicros, lastId }];
}

function endSilence({ windowSeconds }: Rule, memory: RuleMemory, { created, id }: PlainEvent): readonly Alert[] {
  const before = memory.get(noGroup);
  if ((before?.ring.at(-1)?.[1] ?? 0) >= id) return [];
  const silent = before === undefined ? 0 : created - before.seenAt;
  const longest = Math.max(before?.longest ?? 0, silent > (windowSeconds ?? 0) * second ? silent : 0);
  memory.set(noGroup, { ring: [[created, id]], seenAt: created, raisedAt: before?.raisedAt ?? null, longest });
  return [];
}

function count(rule: Rule, memory: RuleMemory, event: PlainEvent, { values, weight }: Grouped): readonly Alert[] {
  const { created, id } = event;
  const key = groupKey(values);
  const before = memory.get(key);
  if ((before?.ring.at(-1)?.[1] ?? 0) >= id) return [];
  const wanted = Math.min(rule.count ?? 1, countMax);
  const ring = before?.ring ?? [];
  for (let more = Math.min(weight, wanted); more > 0; more -= 1) ring.push([created, id]);
  while (ring.length > wanted) ring.shift();
  const [oldest = created] = ring[0] ?? [];
  const isMet = ring.length >= wanted && created - oldest <= (rule.windowSeconds ?? 0) * second;
  const raisedAt = before?.raisedAt ?? null;
  const isQuiet = raisedAt !== null && created - raisedAt < rule.quietSeconds * second;
  const state = { ring, seenAt: created, raisedAt, longest: null };
  if (!isMet || isQuiet) {
    memory.set(key, state);
    return [];
  }
  // The next one needs as many again; what has come is remembered as seen.
  memory.set(key, { ...state, ring: [[created - 2 * (rule.windowSeconds ?? 0) * second - 1, id]], raisedAt: created });
  const events = [...new Set(ring.map(([, one]) => one))];
  return [{ rule, group: values, events, count: Math.max(ring.length, weight), silentMicros: null, lastId: id }];
}

/** Whether the last of the values is new beside those before it, which must be known themselves. */
function meet(rule: Rule, memory: RuleMemory, { created, id }: PlainEvent, { values }: Grouped): readonly Alert[] {
  const key = groupKey(values);
  const known = memory.get(key);
  if ((known?.ring.at(-1)?.[1] ?? 0) >= id) return [];
  const company = values.slice(0, -1);
  const isCompanyKnown = company.length === 0 || memory.get(groupKey(company)) !== undefined;
  const seen = (): Omit<GroupState, "raisedAt"> => ({ ring: [[created, id]], seenAt: created, longest: null });
  const isNew = known === undefined || created - known.seenAt > unseenMicros;
  const raises = isNew && isCompanyKnown;
  memory.set(key, { ...seen(), raisedAt: raises ? created : (known?.raisedAt ?? null) });
  if (company.length > 0) memory.set(groupKey(company), { ...seen(), raisedAt: null });
  return raises ? [{ rule, group: values, events: [id], count: null, silentMicros: null, lastId: id }] : [];
}
