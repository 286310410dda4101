import { alertWorker } from "../src/alerting/evaluation/alert-worker.ts";
import { createRule } from "../src/alerting/rules/rule-actions.ts";
import { shippedRules } from "../src/alerting/rules/shipped-rules.ts";
import { machineActor } from "../src/audit/actor.ts";
import { perform } from "../src/audit/perform.ts";
import { openDatabase } from "../src/database/opening.ts";
import { watchLog } from "../src/events/streaming/log-watch.ts";
import { beforeAll, storedCursor } from "../src/following/cursor.ts";
import { realTiming } from "../src/following/timing.ts";
import { Workers } from "../src/following/workers.ts";
import { writerOf } from "../src/database/writing/writer.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { sqliteAt } from "../test/support/databases/locations.ts";
import { run as runBulk } from "./bulk.ts";
import { median, type Measurement } from "./support/case.ts";
import { filledLog } from "./support/filled-log.ts";

const events = 100_000;
const rules = 20;
const rounds = 3;
const quiet = { info() {}, error() {} };
const groupings = ["user", "ip", "target", "node", "action"] as const;

/** Events that 20 rules look at a second, against what `bulk` records: whoever looks must never be the slower one. */
export async function run(): Promise<Measurement> {
  const { bulk } = await runBulk();
  using log = await filledLog(events);
  await using open = await openDatabase(sqliteAt(log.file));
  const { db } = open;
  const actor = machineActor("bench");
  for (let at = shippedRules.length; at < rules; at += 1) {
    // Half of them are about every event of this log, and remember its groups.
    const filter = at % 2 === 0 ? ["action:auth.login"] : ["action:token.*", "action:user.*"];
    const rule = {
      name: `rule-${at}`,
      title: "A rule",
      kind: "threshold",
      severity: "low",
      filter,
      exclude: [],
      count: 9_000,
      windowSeconds: 60,
      groupBy: [groupings[at % groupings.length] ?? "user"],
      quietSeconds: 0,
      destinations: [],
      isEnabled: true,
    } as const;
    await perform(db, actor, createRule, { settings: rule, now: at });
  }
  const rates: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    await storedCursor(db, "alerts", realTiming.now).move(beforeAll, (work) => writerOf(db).keepBooks(work));
    await using workers = new Workers({ db, leases: undefined, log: quiet, timing: realTiming });
    const watch = watchLog(db);
    const start = performance.now();
    workers.add(alertWorker({ db, watch, timing: realTiming, actor, log: quiet, looksByShippedRules: true }));
    await workers.start("nowhere");
    while ((await workers.list())[0]?.position?.behind !== 0) await sleep(10);
    rates.push((events * 1000) / (performance.now() - start));
  }
  const ours = median(rates.slice(1));
  const reference = bulk?.ours ?? Number.NaN;
  return { ratio: ours / reference, ours, reference, unit: "events/s" };
}
