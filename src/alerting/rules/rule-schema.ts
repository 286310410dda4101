import { type Static, Type } from "typebox";
import { rfc3339Micros } from "../../time.ts";
import { groupings, type Rule, ruleKinds, type RuleSettings, severities } from "./rule.ts";
import { shownRule } from "./rule-actions.ts";
import type { Trial } from "./trial.ts";

const text = (description: string) => Type.String({ description });
const countOrNull = (description: string) => Type.Union([Type.Integer(), Type.Null()], { description });
const yearSeconds = 31_536_000;
const whole = (minimum: number, maximum: number, description: string) =>
  Type.Integer({ minimum, maximum, description });
const pairs = (description: string) => Type.Array(Type.String(), { maxItems: 50, description });

/** What of a rule can be given and changed. */
export const editableRule = Type.Partial(
  Type.Object({
    title: text("What an alert of it says."),
    severity: Type.Enum([...severities], { description: "medium unless given." }),
    filter: pairs("NAME:VALUE of the events that it is about, as in GET /api/v1/events; of one name any value."),
    exclude: pairs("NAME:VALUE of those that it isn't about."),
    count: whole(1, 10_000, "Of a threshold: how many make an alert."),
    window_seconds: whole(
      1,
      yearSeconds,
      "Of a threshold: within how long. Of an absence: for how long there may be none.",
    ),
    group_by: Type.Array(Type.Enum([...groupings]), {
      maxItems: groupings.length,
      description:
        "Of a threshold: what events are counted for, one or none. Of first: what is new; of several, the last of them beside those before it.",
    }),
    quiet_seconds: whole(0, yearSeconds, "After an alert the same group raises none for so long. 600 unless given."),
    destinations: pairs("Names of destinations that get its alerts, whatever their filters."),
    is_enabled: Type.Boolean({ description: "Whether it is looked for." }),
  }),
).properties;

export const kindField = Type.Enum([...ruleKinds], {
  description:
    "threshold: so many events within a time. absence: none for a time. first: one that wasn't seen for 90 days.",
});

export const ruleSchema = Type.Object({
  name: text("Stands in its alerts, and never changes."),
  ...Type.Required(Type.Object(editableRule)).properties,
  kind: kindField,
  count: countOrNull("Of a threshold: how many make an alert."),
  window_seconds: countOrNull("Within how long, or for how long there may be none."),
  is_shipped: Type.Boolean({ description: "Whether it comes with Ironlog." }),
  updated: Type.Union([Type.String({ format: "date-time" }), Type.Null()], {
    description: "When somebody changed it last; null for a shipped one that nobody has changed.",
  }),
});

export const trialSchema = Type.Object({
  alert_count: Type.Integer({ description: "How often it would have raised an alert." }),
  looked: Type.Integer({ description: "How many events were looked at." }),
  looked_to: Type.Integer({ description: "The last of them." }),
  is_complete: Type.Boolean({ description: "False where there were too many: begin later." }),
  alerts: Type.Array(
    Type.Object({
      at: Type.String({ format: "date-time" }),
      group: Type.Array(Type.String(), { description: "Whose, as in group_by." }),
      count: countOrNull("How many events."),
      silent_seconds: countOrNull("For how long there was none."),
      events: Type.Array(Type.Integer(), { description: "Those that led to it." }),
    }),
    { description: "The newest 100." },
  ),
});

const bodyType = () => Type.Object(editableRule);
export type RuleBody = Static<ReturnType<typeof bodyType>>;

/** What was given of a rule, by our names. */
export function settingsOf(body: RuleBody): Partial<Omit<RuleSettings, "name" | "kind">> {
  const { window_seconds, group_by, quiet_seconds, is_enabled, ...same } = body;
  return {
    ...same,
    ...(window_seconds !== undefined && { windowSeconds: window_seconds }),
    ...(group_by !== undefined && { groupBy: group_by }),
    ...(quiet_seconds !== undefined && { quietSeconds: quiet_seconds }),
    ...(is_enabled !== undefined && { isEnabled: is_enabled }),
  };
}

export function nativeRule(rule: Rule) {
  return {
    name: rule.name,
    ...shownRule(rule),
    is_shipped: rule.shipped !== null,
    updated: rule.id === null ? null : rfc3339Micros(rule.updated),
  };
}

export function nativeTrial({ alerts, alertCount, looked, lookedTo, isComplete }: Trial) {
  return {
    alert_count: alertCount,
    looked,
    looked_to: lookedTo,
    is_complete: isComplete,
    alerts: alerts.map(({ at, group, count, silentMicros, events }) => ({
      at: rfc3339Micros(at),
      group,
      count,
      silent_seconds: silentMicros === null ? null : Math.floor(silentMicros / 1e6),
      events,
    })),
  };
}
