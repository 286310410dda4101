import { defineAction, type Tx } from "../../audit/action.ts";
import { differences } from "../../audit/differences.ts";
import { draftEvent } from "../../audit/event-draft.ts";
import { invalidField, Refusal } from "../../refusal.ts";
import { canonicalJson } from "../../verifiable-log/canonical-json.ts";
import { refuseUnknownDestinations, refuseUnusable } from "./rule-parsing.ts";
import { findShipped, getRule } from "./rule-queries.ts";
import type { Rule, RuleSettings } from "./rule.ts";

export interface NewRule {
  readonly settings: RuleSettings;
  /** Microseconds. */
  readonly now: number;
}

export const createRule = defineAction({
  async run(tx, { settings, now }: NewRule): Promise<Rule> {
    refuseUnusable(settings);
    await refuseUnknownDestinations(tx, settings.destinations);
    await refuseTakenName(tx, settings.name);
    return insertRule(tx, { ...settings, id: null, shipped: null, created: now, updated: now });
  },
  events: (rule) => [
    draftEvent("rule.create", { name: rule.name }, { target: ruleTarget(rule), details: shownRule(rule) }),
  ],
});

export interface RuleUpdate {
  readonly name: string;
  readonly changes: Partial<Omit<RuleSettings, "name" | "kind">>;
  readonly now: number;
}

/** Changes a rule. What a shipped one looks for stays as it is. */
export const updateRule = defineAction({
  async run(tx, { name, changes, now }: RuleUpdate) {
    const before = await getRule(tx, name);
    const after: Rule = { ...before, ...changes, updated: now };
    if (before.shipped !== null) refuseOtherMeaning(changes);
    refuseUnusable(after);
    await refuseUnknownDestinations(tx, changes.destinations ?? []);
    if (before.id === null) return { before, after: await insertRule(tx, { ...after, created: now }) };
    await tx.updateTable("rule").set(columnsOf(after)).where("id", "=", before.id).execute();
    return { before, after };
  },
  events({ before, after }) {
    const values = differences(shownRule(before), shownRule(after));
    const changed = Object.keys(values);
    const details = { changed, ...values };
    return [draftEvent("rule.update", { name: after.name, changed }, { target: ruleTarget(after), details })];
  },
});

/** Deletes a rule that people made. Refuses with `conflict` a shipped one, which can be disabled. */
export const deleteRule = defineAction({
  async run(tx, { name }: { readonly name: string }) {
    const rule = await getRule(tx, name);
    if (rule.shipped !== null || rule.id === null) {
      throw new Refusal("conflict", "This rule comes with Ironlog: disable it instead.");
    }
    await tx.deleteFrom("rule").where("id", "=", rule.id).execute();
    return rule;
  },
  events: (rule) => [
    draftEvent("rule.delete", { name: rule.name }, { target: ruleTarget(rule), details: shownRule(rule) }),
  ],
});

function refuseOtherMeaning(changes: RuleUpdate["changes"]): void {
  const fixed = { title: "title", filter: "filter", exclude: "exclude", groupBy: "group_by" } as const;
  for (const [name, field] of Object.entries(fixed)) {
    if (name in changes) throw invalidField(field, "This rule comes with Ironlog, and looks for what it looks for.");
  }
}

async function insertRule(tx: Tx, rule: Rule): Promise<Rule> {
  const { id } = await tx
    .insertInto("rule")
    .values({ ...columnsOf(rule), name: rule.name, kind: rule.kind, created: rule.created })
    .returning("id")
    .executeTakeFirstOrThrow();
  return { ...rule, id };
}

async function refuseTakenName(tx: Tx, name: string): Promise<void> {
  const taken = await tx.selectFrom("rule").select("id").where("name", "=", name).executeTakeFirst();
  if (taken === undefined && findShipped(name) === undefined) return;
  const message = "A rule with that name already exists.";
  throw new Refusal("conflict", message, { fields: { name: [message] } });
}

function ruleTarget({ id, name }: Rule) {
  return { kind: "rule", id: String(id ?? 0), name };
}

/** A rule by the names of the API. */
export function shownRule(rule: RuleSettings) {
  return {
    title: rule.title,
    kind: rule.kind,
    severity: rule.severity,
    filter: rule.filter,
    exclude: rule.exclude,
    count: rule.count,
    window_seconds: rule.windowSeconds,
    group_by: rule.groupBy,
    quiet_seconds: rule.quietSeconds,
    destinations: rule.destinations,
    is_enabled: rule.isEnabled,
  };
}

function columnsOf(rule: Rule) {
  return {
    title: rule.title,
    severity: rule.severity,
    filter: canonicalJson(rule.filter),
    exclude: canonicalJson(rule.exclude),
    count: rule.count,
    window_seconds: rule.windowSeconds,
    group_by: canonicalJson(rule.groupBy),
    quiet_seconds: rule.quietSeconds,
    destinations: canonicalJson(rule.destinations),
    is_enabled: Number(rule.isEnabled),
    updated: rule.updated,
  };
}
