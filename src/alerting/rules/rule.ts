import type { PlainEvent } from "../../database/event-columns.ts";
import { parseFilterPairs } from "../../events/filter/native-filter.ts";
import { matcherOf, type EventMatcher } from "../../events/filter/matching.ts";

/** `threshold`: so many within a time. `absence`: none for a time. `first`: one that wasn't seen for 90 days. */
export const ruleKinds = ["threshold", "absence", "first"] as const;
export type RuleKind = (typeof ruleKinds)[number];

export const severities = ["low", "medium", "high", "critical"] as const;
export type Severity = (typeof severities)[number];

/** What tells groups of events apart. */
export const groupings = ["user", "ip", "target", "node", "session", "key", "action"] as const;
export type Grouping = (typeof groupings)[number];

/** A rule as people set it. */
export interface RuleSettings {
  readonly name: string;
  readonly title: string;
  readonly kind: RuleKind;
  readonly severity: Severity;
  readonly filter: readonly string[];
  readonly exclude: readonly string[];
  /** Of a threshold. */
  readonly count: number | null;
  /** Of a threshold and an absence. */
  readonly windowSeconds: number | null;
  /** Of a threshold one or none; of `first` what is new, where there are several the last of them beside those before it. */
  readonly groupBy: readonly Grouping[];
  /** After an alert the same group raises none for so long. */
  readonly quietSeconds: number;
  /** The names of those that get the alert, whatever their filters. */
  readonly destinations: readonly string[];
  readonly isEnabled: boolean;
}

export interface Rule extends RuleSettings {
  /** Null for a shipped one that nobody has changed. */
  readonly id: number | null;
  /** Set for one that comes with Ironlog: what of it isn't a setting. */
  readonly shipped: ShippedPart | null;
  readonly created: number;
  readonly updated: number;
}

/** What a shipped rule has in code. */
export interface ShippedPart {
  /** Which of the events that the filter finds are meant. */
  readonly isMeant?: (event: PlainEvent) => boolean;
  /** Of an absence: it counts only if there was none so long before. */
  readonly isFirstTimeOnly?: true;
  /** Of an absence: how long depends on the interval of verifications. */
  readonly isOfVerifications?: true;
}

/** What finds the events that a rule is about. */
export function ruleMatcher({ filter, exclude, shipped }: Rule): EventMatcher {
  const { inventories, matches } = matcherOf(parseFilterPairs(filter, exclude));
  const isMeant = shipped?.isMeant ?? (() => true);
  // Alerts are no reason for alerts.
  return {
    inventories,
    matches: (event, nodes) => event.action !== "alert.raise" && matches(event, nodes) && isMeant(event),
  };
}
