import { AlreadyDone, defineAction } from "../../audit/action.ts";
import { draftEvent } from "../../audit/event-draft.ts";
import { Refusal } from "../../refusal.ts";
import { type Alert } from "../evaluation/evaluator.ts";
import { groupKey } from "../evaluation/groups.ts";

/** Ids of events that an alert names, the newest ones. */
const eventsMax = 100;

export interface RaisedAlert {
  readonly alert: Omit<Alert, "rule"> & {
    readonly rule: Pick<Alert["rule"], "name" | "title" | "severity" | "destinations" | "groupBy" | "windowSeconds">;
  };
  /** Microseconds. */
  readonly now: number;
}

/** Raises an alert, once for the same rule, group and last event. Throws `AlreadyDone` where it was. */
export const raiseAlert = defineAction({
  async run(tx, { alert, now }: RaisedAlert, _actor, firstEventId) {
    const { rule, lastId } = alert;
    const key = groupKey(alert.group);
    const raised = await tx
      .selectFrom("alert")
      .select("id")
      .where("rule", "=", rule.name)
      .where("group_key", "=", key)
      .where("last_id", "=", lastId)
      .executeTakeFirst();
    if (raised !== undefined) throw new AlreadyDone();
    const row = { rule: rule.name, group_key: key, last_id: lastId, event_id: firstEventId, severity: rule.severity };
    const { id } = await tx
      .insertInto("alert")
      .values({ ...row, raised: now, acknowledged: null, acknowledged_by: null })
      .returning("id")
      .executeTakeFirstOrThrow();
    return { id };
  },
  events: ({ id }, { alert }) => {
    const { rule, group, events, count, silentMicros } = alert;
    const { name, title, severity, destinations, groupBy } = rule;
    return [
      draftEvent(
        "alert.raise",
        { title, of: group.length === 0 ? null : group.join(", ") },
        {
          outcome: "failure",
          target: { kind: "rule", id: String(id), name },
          details: {
            rule: name,
            severity,
            ...Object.fromEntries(groupBy.map((grouping, at) => [grouping, group[at] ?? null])),
            ...(count !== null && { count }),
            ...(silentMicros !== null && { silent_seconds: Math.floor(silentMicros / 1e6) }),
            events: events.slice(-eventsMax),
            destinations,
          },
        },
      ),
    ];
  },
});

/** Says that somebody has seen to an alert. Refuses with `conflict` where somebody has already. */
export const acknowledgeAlert = defineAction({
  async run(tx, { id, by, now }: { readonly id: number; readonly by: string; readonly now: number }) {
    const alert = await tx.selectFrom("alert").selectAll().where("id", "=", id).executeTakeFirst();
    if (alert === undefined) throw new Refusal("not_found", `There is no alert ${id}.`);
    if (alert.acknowledged !== null) throw new Refusal("conflict", "This alert has been acknowledged already.");
    await tx.updateTable("alert").set({ acknowledged: now, acknowledged_by: by }).where("id", "=", id).execute();
    return { ...alert, acknowledged: now, acknowledged_by: by };
  },
  events: ({ id, rule, event_id: event }) => [
    draftEvent(
      "alert.acknowledge",
      { name: rule, id },
      { target: { kind: "rule", id: String(id), name: rule }, details: { event } },
    ),
  ],
});
