import { watchLog } from "../events/streaming/log-watch.ts";
import { realTiming } from "../following/timing.ts";
import type { ServedSlice, SliceContext } from "../slice.ts";
import { alertOperations } from "./alerts/alert-operations.ts";
import { countOpenAlerts } from "./alerts/alert-queries.ts";
import { alertWorker } from "./evaluation/alert-worker.ts";
import { ruleOperations } from "./rules/rule-operations.ts";

/** Rules and alerts in a server. */
export async function servedAlerting({ server }: SliceContext): Promise<ServedSlice> {
  const native = [...ruleOperations, ...alertOperations];
  if (server === undefined) return { native };
  const { db, machine: actor, log, looksByShippedRules } = server;
  return {
    native,
    workers: [alertWorker({ db, actor, log, looksByShippedRules, watch: watchLog(db), timing: realTiming })],
    gauges: [["ironlog_open_alerts", "Alerts that nobody has acknowledged.", () => countOpenAlerts(db)]],
  };
}
