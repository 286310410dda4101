import { Type } from "typebox";
import { listOf, nativeList } from "../../http/native/list.ts";
import { nativeOperation, type NativeOperation } from "../../http/native/operation.ts";
import { bodyOf } from "../../http/native/resource.ts";
import { parseBound } from "../../time.ts";
import { createRule, deleteRule, updateRule } from "./rule-actions.ts";
import { getRule, listRules } from "./rule-queries.ts";
import {
  editableRule,
  kindField,
  nativeRule,
  nativeTrial,
  ruleSchema,
  settingsOf,
  trialSchema,
} from "./rule-schema.ts";
import { tryRule } from "./trial.ts";

const quietByDefault = 600;
const triedDays = 30;
const dayMicros = 86_400_000_000;

/** What alerts are raised by. */
export const ruleOperations: readonly NativeOperation[] = [
  nativeOperation({
    path: "/rules",
    method: "GET",
    id: "listRules",
    command: ["rules", "list"],
    columns: ["name", "kind", "severity", "is_enabled", "is_shipped", "destinations"],
    who: "auditor",
    summary: "List alert rules",
    answer: { status: 200, description: "By name, with those that come with Ironlog.", schema: listOf(ruleSchema) },
    does: ({ query }) =>
      query(async ({ db }) => ({ status: 200, body: nativeList((await listRules(db)).map(nativeRule)) })),
  }),
  nativeOperation({
    path: "/rules/{name}",
    method: "GET",
    id: "readRule",
    command: ["rules", "read"],
    who: "auditor",
    summary: "Read an alert rule",
    answer: { status: 200, description: "The rule.", schema: ruleSchema },
    does: ({ query }) =>
      query(async ({ db, request }) => ({
        status: 200,
        body: nativeRule(await getRule(db, request.path["name"] ?? "")),
      })),
  }),
  nativeOperation({
    path: "/rules/{name}/try",
    method: "GET",
    id: "tryRule",
    command: ["rules", "try"],
    who: "auditor",
    summary: "Try an alert rule on the past",
    description: `What it would have raised, had it been there; also of one that is disabled. ${triedDays} days back unless given.`,
    query: Type.Object({
      since: Type.Optional(Type.String({ "x-time": true, description: "From this time on (RFC 3339)." })),
    }),
    answer: { status: 200, description: "What it would have raised.", schema: trialSchema },
    does: ({ query }) =>
      query(async ({ db, now, request: { path, query: given } }) => {
        const rule = await getRule(db, path["name"] ?? "");
        const since = given.since === undefined ? now - triedDays * dayMicros : parseBound(given.since, "since");
        return { status: 200, body: nativeTrial(await tryRule(db, rule, since, now)) };
      }),
  }),
  nativeOperation({
    path: "/rules",
    method: "POST",
    id: "createRule",
    command: ["rules", "create"],
    who: "administrator",
    needsFreshFactor: true,
    summary: "Make an alert rule",
    description: "It looks at what is recorded from now on.",
    body: bodyOf({
      name: Type.String({ description: "1 to 40 small letters, digits and hyphens." }),
      kind: kindField,
      ...editableRule,
    }),
    answer: { status: 201, description: "The new rule.", schema: ruleSchema },
    does: ({ command }) =>
      command({
        action: createRule,
        async input({ now, request: { body } }) {
          const { name, kind, ...given } = body;
          const initial = {
            name,
            kind,
            title: name,
            severity: "medium" as const,
            filter: [],
            exclude: [],
            count: null,
            windowSeconds: null,
            groupBy: [],
            quietSeconds: quietByDefault,
            destinations: [],
            isEnabled: true,
          };
          return { settings: { ...initial, ...settingsOf(given) }, now };
        },
        output: (rule) => ({ status: 201, body: nativeRule(rule) }),
      }),
  }),
  nativeOperation({
    path: "/rules/{name}",
    method: "PATCH",
    id: "updateRule",
    command: ["rules", "update"],
    who: "administrator",
    needsFreshFactor: true,
    summary: "Change an alert rule",
    description: "Of one that comes with Ironlog: its numbers, severity, destinations, and whether it is on.",
    body: bodyOf(editableRule),
    answer: { status: 200, description: "The rule as it is now.", schema: ruleSchema },
    does: ({ command }) =>
      command({
        action: updateRule,
        input: async ({ now, request: { path, body } }) => ({
          name: path["name"] ?? "",
          changes: settingsOf(body),
          now,
        }),
        output: ({ after }) => ({ status: 200, body: nativeRule(after) }),
      }),
  }),
  nativeOperation({
    path: "/rules/{name}",
    method: "DELETE",
    id: "deleteRule",
    command: ["rules", "delete"],
    who: "administrator",
    needsFreshFactor: true,
    summary: "Delete an alert rule",
    description: "What it has raised stays. One that comes with Ironlog can only be disabled.",
    answer: { status: 204, description: "It is gone." },
    does: ({ command }) =>
      command({
        action: deleteRule,
        input: async ({ request: { path } }) => ({ name: path["name"] ?? "" }),
        output: () => ({ status: 204 }),
      }),
  }),
];
