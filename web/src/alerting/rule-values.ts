import { parseFilterPairs, printFilterPairs } from "../events/filter/filter-pairs.ts";
import { InvalidField } from "../page/forms/invalid-field.ts";
import type { Grouping, Rule, RuleKind } from "./rule.ts";

/** What the form of a rule holds. Times are seconds as text, empty for none. */
export interface RuleValues {
  readonly kind: RuleKind;
  readonly title: string;
  readonly severity: Rule["severity"];
  /** In the language of the events page. */
  readonly filter: string;
  readonly count: string;
  readonly window_seconds: string;
  readonly group_by: readonly Grouping[];
  readonly quiet_seconds: string;
  readonly destinations: readonly string[];
  readonly is_enabled: boolean;
}

/** A form before something is typed. */
export const emptyRule: RuleValues = {
  kind: "threshold",
  title: "",
  severity: "medium",
  filter: "",
  count: "5",
  window_seconds: "600",
  group_by: [],
  quiet_seconds: "600",
  destinations: [],
  is_enabled: true,
};

/** What a rule's form begins with. */
export function valuesOfRule(rule: Rule): RuleValues {
  const { kind, title, severity, group_by, destinations, is_enabled, count, window_seconds, quiet_seconds } = rule;
  return {
    kind,
    title,
    severity,
    group_by,
    destinations,
    is_enabled,
    filter: printFilterPairs(rule),
    count: count === null ? "" : String(count),
    window_seconds: window_seconds === null ? "" : String(window_seconds),
    quiet_seconds: String(quiet_seconds),
  };
}

/** What another kind begins with: what it doesn't have is gone. */
export function ofKind(kind: RuleKind): Partial<RuleValues> {
  switch (kind) {
    case "threshold":
      return { kind, count: "5", window_seconds: "600", group_by: [] };
    case "absence":
      return { kind, count: "", window_seconds: "86400", group_by: [] };
    case "first":
      return { kind, count: "", window_seconds: "", group_by: ["ip"] };
  }
}

/** A rule by the names of the API. Throws an InvalidField. */
export function bodyOfRule(values: RuleValues) {
  const { kind, title, severity, filter, group_by, destinations, is_enabled } = values;
  const pairs = parseFilterPairs(filter);
  if ("message" in pairs) throw new InvalidField("filter", pairs.message);
  return {
    severity,
    group_by,
    destinations,
    is_enabled,
    ...pairs,
    ...(title.trim() !== "" && { title: title.trim() }),
    ...(kind === "threshold" && { count: wholeNumber("count", values.count) }),
    ...(kind !== "first" && { window_seconds: wholeNumber("window_seconds", values.window_seconds) }),
    quiet_seconds: wholeNumber("quiet_seconds", values.quiet_seconds),
  };
}

/** What differs from what there was. Throws an InvalidField. */
export function changesOfRule(values: RuleValues, before: RuleValues): Partial<ReturnType<typeof bodyOfRule>> {
  const given = Object.entries(bodyOfRule(values));
  const isChanged = (name: string): boolean => {
    const field = name === "exclude" ? "filter" : (name as keyof RuleValues);
    return JSON.stringify(values[field]) !== JSON.stringify(before[field]);
  };
  // Of the same names.
  return Object.fromEntries(given.filter(([name]) => isChanged(name)));
}

function wholeNumber(name: "count" | "window_seconds" | "quiet_seconds", text: string): number {
  const number = Number(text.trim());
  if (text.trim() !== "" && Number.isSafeInteger(number)) return number;
  throw new InvalidField(name, name === "count" ? "Enter a whole number." : "Enter a time.");
}
