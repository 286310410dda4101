import { Type } from "typebox";
import { nativeOperation, type NativeOperation } from "../../http/native/operation.ts";
import { timeOrNull } from "../../http/native/time.ts";
import { Refusal } from "../../refusal.ts";
import { rfc3339Micros, rfc3339OrNull } from "../../time.ts";
import { severities } from "../rules/rule.ts";
import { acknowledgeAlert } from "./alert-actions.ts";
import { countedMax, countOpenAlerts, listAlerts, type ToldAlert } from "./alert-queries.ts";

const limitMax = 500;

const alertSchema = Type.Object({
  id: Type.Integer(),
  rule: Type.String(),
  severity: Type.Enum([...severities]),
  event: Type.Integer({ description: "The event that tells of it." }),
  description: Type.String(),
  events: Type.Array(Type.Integer(), { description: "Those that led to it, the newest 100." }),
  raised: Type.String({ format: "date-time" }),
  acknowledged: timeOrNull("When somebody acknowledged it."),
  acknowledged_by: Type.Union([Type.String(), Type.Null()]),
});

/** What rules have raised. */
export const alertOperations: readonly NativeOperation[] = [
  nativeOperation({
    path: "/alerts",
    method: "GET",
    id: "listAlerts",
    command: ["alerts", "list"],
    columns: ["id", "severity", "rule", "description", "raised", "acknowledged_by"],
    who: "auditor",
    summary: "List alerts",
    query: Type.Object({
      open: Type.Optional(Type.Boolean({ description: "Only those that nobody has acknowledged." })),
      before: Type.Optional(Type.Integer({ minimum: 1, description: "Those below this id." })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limitMax, description: "100 unless given." })),
    }),
    answer: {
      status: 200,
      description: "The newest first.",
      schema: Type.Object({
        items: Type.Array(alertSchema),
        open: Type.Integer({ description: `How many nobody has acknowledged; ${countedMax} stands for more.` }),
      }),
    },
    does: ({ query }) =>
      query(async ({ db, request: { query: given } }) => {
        const { open: isOpen = false, before, limit = 100 } = given;
        const [alerts, open] = await Promise.all([listAlerts(db, { isOpen, before, limit }), countOpenAlerts(db)]);
        return { status: 200, body: { items: alerts.map(nativeAlert), open } };
      }),
  }),
  nativeOperation({
    path: "/alerts/{id}/acknowledge",
    method: "POST",
    id: "acknowledgeAlert",
    command: ["alerts", "acknowledge"],
    who: "administrator",
    summary: "Acknowledge an alert",
    description: "It leaves the bell; everybody sees who has seen to it.",
    answer: { status: 204, description: "It is acknowledged." },
    does: ({ command }) =>
      command({
        action: acknowledgeAlert,
        async input({ actor, now, request: { path } }) {
          const id = Number(path["id"]);
          if (!Number.isSafeInteger(id)) throw new Refusal("not_found", "There is no such alert.");
          return { id, by: actor.user?.username ?? "", now };
        },
        output: () => ({ status: 204 }),
      }),
  }),
];

function nativeAlert({ id, rule, severity, event_id: event, description, details, ...alert }: ToldAlert) {
  const { events = [] } = JSON.parse(details ?? "{}") as { readonly events?: readonly number[] };
  return {
    id,
    rule,
    severity,
    event,
    description,
    events,
    raised: rfc3339Micros(alert.raised),
    acknowledged: rfc3339OrNull(alert.acknowledged),
    acknowledged_by: alert.acknowledged_by,
  };
}
