import { perform } from "../../../src/audit/perform.ts";
import { acknowledgeAlert, raiseAlert } from "../../../src/alerting/alerts/alert-actions.ts";
import { createRule, deleteRule, updateRule } from "../../../src/alerting/rules/rule-actions.ts";
import type { RuleSettings } from "../../../src/alerting/rules/rule.ts";
import { machine, now } from "../../support/worlds/database-world.ts";
import { type ActionExample, example } from "./example.ts";

const name = "many-deletions";
const settings: RuleSettings = {
  name,
  title: "Many deletions",
  kind: "threshold",
  severity: "high",
  filter: ["action:node.delete"],
  exclude: [],
  count: 5,
  windowSeconds: 60,
  groupBy: ["user"],
  quietSeconds: 600,
  destinations: [],
  isEnabled: true,
};

const alert = { rule: settings, group: ["bob"], events: [1, 2], count: 5, silentMicros: null, lastId: 2 };
const silence = {
  rule: { ...settings, groupBy: [] },
  group: [],
  events: [],
  count: null,
  silentMicros: 9e6,
  lastId: 0,
};

/** Rules and what they raise. */
export const alertingActionExamples: Readonly<Record<string, ActionExample>> = {
  "alerting/createRule": example(createRule, ({ ada }) => [ada.actor, { settings, now }]),
  "alerting/updateRule": example(updateRule, async ({ db, ada }) => {
    await perform(db, ada.actor, createRule, { settings, now });
    return [ada.actor, { name, changes: { count: 6, isEnabled: false }, now: now + 1 }];
  }),
  "alerting/updateRule (shipped)": example(updateRule, ({ ada }) => [
    ada.actor,
    { name: "signing-stopped", changes: { severity: "high" as const }, now },
  ]),
  "alerting/deleteRule": example(deleteRule, async ({ db, ada }) => {
    await perform(db, ada.actor, createRule, { settings, now });
    return [ada.actor, { name }];
  }),
  "alerting/raiseAlert": example(raiseAlert, () => [machine, { alert, now }]),
  "alerting/raiseAlert (silence)": example(raiseAlert, () => [machine, { alert: silence, now }]),
  "alerting/acknowledgeAlert": example(acknowledgeAlert, async ({ db, ada }) => {
    const { id } = await perform(db, machine, raiseAlert, { alert, now });
    return [ada.actor, { id, by: "ada", now: now + 1 }];
  }),
};
