import { alertWorker } from "../../../src/alerting/evaluation/alert-worker.ts";
import type { RuleSettings } from "../../../src/alerting/rules/rule.ts";
import { defineAction } from "../../../src/audit/action.ts";
import { draftEvent, type EventDraft, type ReportedDraft } from "../../../src/audit/event-draft.ts";
import { perform } from "../../../src/audit/perform.ts";
import type { Database } from "../../../src/database/database.ts";
import { watchLog } from "../../../src/events/streaming/log-watch.ts";
import { Workers } from "../../../src/following/workers.ts";
import type { FastTiming } from "../forwarding/delivering.ts";
import { until } from "../until.ts";
import { machine } from "../worlds/database-world.ts";

const quiet = { info() {}, error() {} };
export const tell = defineAction({
  async run(_tx, draft: EventDraft | ReportedDraft) {
    return draft;
  },
  events: (draft) => [draft],
});

export const deletions: RuleSettings = {
  name: "deletions",
  title: "Many deletions",
  kind: "threshold",
  severity: "high",
  filter: ["action:tag.delete"],
  exclude: [],
  count: 3,
  windowSeconds: 60,
  groupBy: ["target"],
  quietSeconds: 0,
  destinations: [],
  isEnabled: true,
};

export const deleteTag = (db: Database, name: string) =>
  perform(db, machine, tell, draftEvent("tag.delete", { name }, { target: { kind: "tag", id: "1", name } }));

interface Told {
  readonly rule: string;
  readonly events: readonly number[];
  readonly description: string | null;
}

/** What was raised, by the rules that people made unless another one is named. */
export async function raised(db: Database, rule = "deletions"): Promise<readonly Told[]> {
  const events = await db.selectFrom("event").selectAll().where("action", "=", "alert.raise").orderBy("id").execute();
  return events
    .map(({ details, description }) => ({ ...(JSON.parse(details ?? "{}") as Omit<Told, "description">), description }))
    .filter((alert) => alert.rule === rule)
    .map(({ rule: name, events: ids, description }) => ({ rule: name, events: ids, description }));
}

/** Looks at events in a server's way until `work` is done. */
export async function alerting(
  db: Database,
  timing: FastTiming,
  work: (workers: Workers) => Promise<void>,
): Promise<void> {
  await using workers = new Workers({ db, leases: undefined, log: quiet, timing });
  const watch = watchLog(db);
  workers.add(watch.worker);
  workers.add(alertWorker({ db, watch, timing, actor: machine, log: quiet, looksByShippedRules: true }));
  await workers.start("http://localhost");
  await caughtUp(workers);
  await work(workers);
}

/** Waits until every event was looked at, those that this records as well. */
export async function caughtUp(workers: Workers): Promise<void> {
  await until(async () => {
    const shown = (await workers.list()).find(({ name }) => name === "alerts");
    return shown?.position?.behind === 0;
  });
}
