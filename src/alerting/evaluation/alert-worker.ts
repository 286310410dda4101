import { perform } from "../../audit/perform.ts";
import { AlreadyDone } from "../../audit/action.ts";
import type { Actor } from "../../audit/actor.ts";
import type { KeepBooks } from "../../database/leases.ts";
import type { PlainEvent } from "../../database/event-columns.ts";
import { type EventMatcher, matchingEvents } from "../../events/filter/matching.ts";
import { follow, type FollowParts } from "../../following/follow.ts";
import type { Timing, Turn, Worker } from "../../following/worker.ts";
import type { WorkerLog } from "../../following/running-worker.ts";
import { raiseAlert } from "../alerts/alert-actions.ts";
import { listEnabledRules } from "../rules/rule-queries.ts";
import { type Rule, ruleMatcher } from "../rules/rule.ts";
import { silenceMicrosOf } from "../rules/silence.ts";
import { type Alert, evaluate, evaluateSilence } from "./evaluator.ts";
import { groupKey, keysOf } from "./groups.ts";
import { learnPast } from "./learn.ts";
import { forgetRule, forgetRules, StoredMemory } from "./stored-memory.ts";

export interface AlertParts extends Pick<FollowParts, "db" | "watch"> {
  readonly actor: Actor;
  readonly timing: Timing;
  readonly log: WorkerLog;
  /** Whether the rules that come with Ironlog are looked by while nobody has changed them. */
  readonly looksByShippedRules: boolean;
}

/** More events would keep what people wait for from their turn. */
const batchMax = 2_000;

interface Watched {
  readonly rule: Rule;
  readonly matcher: EventMatcher;
  readonly memory: StoredMemory;
}

/** Looks at every event with every rule, and raises alerts. What rules remember is as durable as the cursor. */
export function alertWorker(parts: AlertParts): Worker {
  const { db, watch, timing } = parts;
  const watching = new RuleWatch(parts);
  const following = follow(
    {
      name: "alerts",
      runs: "once",
      batchMax,
      startsAt: "end",
      complaint: "cannot look at events with the rules: alerts wait",
      work: (events, turn) => watching.look(events, turn),
    },
    { db, watch, timing },
  );

  return {
    ...following,
    async turn(turn) {
      try {
        const rest = await following.turn(turn);
        if (rest === "pause") await watching.lookAtSilence(turn);
        return rest;
      } catch (error) {
        // What is in memory may be ahead of what is stored.
        watching.forget();
        throw error;
      }
    },
    release: async () => watching.forget(),
  };
}

class RuleWatch {
  readonly #parts: AlertParts;
  #watched: readonly Watched[] | undefined;
  #hasTold = false;

  constructor(parts: AlertParts) {
    this.#parts = parts;
  }

  forget(): void {
    this.#watched = undefined;
  }

  /** A changed rule holds of what comes after its change. */
  async look(events: readonly PlainEvent[], turn: Turn): Promise<void> {
    // What others report under such a name changes no rule.
    const at = events.findIndex(({ action, source }) => source === "ironlog" && action.startsWith("rule."));
    const change = events[at];
    if (change === undefined) return this.#look(events, turn);
    await this.#look(events.slice(0, at + 1), turn);
    this.forget();
    if (hasNewMeaning(change)) await forgetRule(turn.keepBooks, change.target_name ?? "");
    if (at + 1 < events.length) await this.look(events.slice(at + 1), turn);
  }

  async #look(events: readonly PlainEvent[], turn: Turn): Promise<void> {
    const { db } = this.#parts;
    const alerts: Alert[] = [];
    const watched = await this.#rules(turn);
    for (const one of watched) {
      const { rule, matcher, memory } = one;
      if (rule.kind === "first") await learnPast(db, one, events[0]?.id ?? 0, this.#parts.timing.now());
      const meant = await matchingEvents(db, matcher, events);
      if (meant.length === 0) continue;
      await memory.load(
        db,
        meant.flatMap((event) => keysOf(rule, event)),
      );
      for (const event of meant) alerts.push(...evaluate(rule, memory, event));
    }
    await this.#raise(alerts);
    await this.#store(watched, turn.keepBooks);
  }

  async lookAtSilence(turn: Turn): Promise<void> {
    const { db, timing } = this.#parts;
    const watched = (await this.#rules(turn)).filter(({ rule }) => rule.kind === "absence");
    const alerts: Alert[] = [];
    for (const { rule, memory } of watched) {
      const silence = await silenceMicrosOf(db, rule);
      if (silence === undefined) continue;
      await memory.load(db, [groupKey([])]);
      alerts.push(...evaluateSilence(rule, memory, timing.now(), silence));
    }
    await this.#raise(alerts);
    await this.#store(watched, turn.keepBooks);
  }

  async #rules({ keepBooks }: Turn): Promise<readonly Watched[]> {
    if (this.#watched !== undefined) return this.#watched;
    const rules = await listEnabledRules(this.#parts.db);
    await forgetRules(
      keepBooks,
      rules.map(({ name }) => name),
    );
    this.#watched = rules
      .filter(({ id }) => id !== null || this.#parts.looksByShippedRules)
      .map((rule) => ({ rule, matcher: ruleMatcher(rule), memory: new StoredMemory(rule.name) }));
    return this.#watched;
  }

  async #raise(alerts: readonly Alert[]): Promise<void> {
    const { db, actor, timing } = this.#parts;
    for (const alert of alerts.toSorted((one, other) => one.lastId - other.lastId)) {
      try {
        await perform(db, actor, raiseAlert, { alert, now: timing.now() });
      } catch (error) {
        // It was raised before a crash that kept the cursor from moving.
        if (!(error instanceof AlreadyDone)) throw error;
      }
    }
  }

  async #store(watched: readonly Watched[], keepBooks: KeepBooks): Promise<void> {
    for (const { rule, memory } of watched) {
      const hasForgotten = await memory.store(keepBooks);
      if (!hasForgotten || this.#hasTold) continue;
      this.#hasTold = true;
      const sentence = "a rule knows so many groups of events that it forgets those that were quiet for longest";
      this.#parts.log.error({ rule: rule.name }, sentence);
    }
  }
}

/** Whether a rule means other events than before: what it remembers is of those. */
function hasNewMeaning({ action, details }: PlainEvent): boolean {
  if (action !== "rule.update") return true;
  const { changed = [] } = JSON.parse(details ?? "{}") as { readonly changed?: readonly string[] };
  return changed.some((name) => ["filter", "exclude", "group_by", "window_seconds"].includes(name));
}
