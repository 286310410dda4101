import { parseArgs } from "node:util";
import { run as runActions } from "./actions.ts";
import { run as runAlerts } from "./alerts.ts";
import { run as runBulkForwarding } from "./bulk-forwarding.ts";
import { run as runBulk } from "./bulk.ts";
import { run as runCliStart } from "./cli-start.ts";
import { run as runEventsPage } from "./events-page.ts";
import { run as runEventsScale } from "./events-scale.ts";
import { run as runForward, type BenchTransport } from "./forward.ts";
import { run as runFirstRows } from "./first-rows.ts";
import { run as runHostileBodies } from "./hostile-bodies.ts";
import { run as runHttpActions } from "./http-actions.ts";
import { run as runMemory } from "./memory.ts";
import { run as runMirror } from "./mirror.ts";
import { run as runPackageStart } from "./package-start.ts";
import { run as runPostgres } from "./postgres.ts";
import { run as runReads } from "./reads.ts";
import { run as runSearch, runRecord as runSearchRecord } from "./search.ts";
import { run as runServeStart } from "./serve-start.ts";
import type { Measurement } from "./support/case.ts";
import { run as runVerify } from "./verify.ts";

// Every performance claim comes from here: each case beside its reference, in one run, as a ratio. `--json` is for
// programs; `--only NAME` runs one group; `--events N` fills a smaller log for a quick look.

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    only: { type: "string" },
    events: { type: "string", default: "1000000" },
  },
});
const events = Number(values.events);

type Group = () => Promise<Readonly<Record<string, Measurement>>>;

/** What each forwards by; all of them at least half as fast as a bare loop. */
const forwarding: Readonly<Record<string, BenchTransport>> = {
  "forward-file": "file",
  "forward-syslog-tcp": "tcp",
  "forward-syslog-tls": "tls",
  "forward-syslog-udp": "udp",
  "forward-webhook": "webhook",
  "forward-splunk": "splunk",
  "forward-elasticsearch": "elasticsearch",
  "forward-loki": "loki",
  "forward-otlp": "otlp",
};
const forwardingGroups = Object.entries(forwarding).map(([name, transport]): readonly [string, Group] => [
  name,
  async () => ({ [name]: await runForward(transport) }),
]);

const groups: Readonly<Record<string, Group>> = {
  "events-page": () => runEventsPage(events),
  "events-scale": () => runEventsScale(events),
  reads: () => runReads(events),
  search: () => runSearch(events),
  "search-record": runSearchRecord,
  actions: runActions,
  "http-actions": runHttpActions,
  bulk: runBulk,
  verify: runVerify,
  postgres: runPostgres,
  mirror: () => runMirror(events),
  ...Object.fromEntries(forwardingGroups),
  "bulk-forwarding": async () => ({ "bulk-forwarding": await runBulkForwarding() }),
  alerts: async () => ({ alerts: await runAlerts() }),
  memory: () => runMemory(events),
  "hostile-bodies": runHostileBodies,
  "first-rows": () => runFirstRows(events),
  "cli-start": async () => ({ "cli-start": await runCliStart() }),
  "serve-start": runServeStart,
  "package-start": runPackageStart,
};

/** What the project holds itself to. */
const atLeast: Readonly<Record<string, number>> = {
  "events-page": 0.5,
  "events-page-limit": 0.45,
  "events-scale-all": 0.8,
  "events-scale-owner": 0.8,
  "events-scale-before": 0.8,
  "events-scale-level": 0.8,
  "events-scale-node": 0.8,
  "events-scale-hostname": 0.8,
  "events-scale-zone": 0.8,
  "events-scale-domain": 0.8,
  "events-scale-pool": 0.8,
  "events-scale-agent-name": 0.8,
  "events-scale-mac": 0.8,
  "export-first-byte": 0.5,
  "histogram-whole": 0.2,
  "histogram-filtered": 0.2,
  "reads-under-load": 0.4,
  "search-rare": 100,
  "search-common": 100,
  "search-two": 100,
  "search-part": 100,
  "search-absent": 100,
  "search-user": 100,
  "search-record": 0.93,
  actions: 2,
  "http-actions-1": 0.6,
  "http-actions-16": 0.6,
  "http-actions-64": 0.6,
  bulk: 0.5,
  verify: 0.4,
  "pg-events-page": 0.4,
  "pg-actions": 0.3,
  "pg-bulk": 0.3,
  mirror: 0.5,
  "mirror-memory": 1,
  "mirror-lag": 1,
  ...Object.fromEntries(Object.keys(forwarding).map((name) => [name, 0.5])),
  "bulk-forwarding": 0.9,
  alerts: 3,
  memory: 1,
  "hostile-bodies": 1,
  // A page that needs no server to ask is the bound: this is a figure to know, and a floor under it.
  "first-rows": 0.2,
  "first-rows-filter": 1,
  "cli-start": 0.6,
  "serve-start": 1,
  "package-start": 1,
};

if (values.only !== undefined && groups[values.only] === undefined) {
  process.stderr.write(`There is no group ${values.only}: it is one of ${Object.keys(groups).join(", ")}.\n`);
  process.exit(2);
}
const cases: Record<string, Measurement> = {};
for (const [name, run] of Object.entries(groups)) {
  if (values.only === undefined || values.only === name) Object.assign(cases, await run());
}

if (values.json) {
  process.stdout.write(`${JSON.stringify({ cases }, null, 2)}\n`);
} else {
  const number = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(2));
  const line = (cells: readonly string[]): string =>
    `${cells[0]?.padEnd(22)}${cells
      .slice(1)
      .map((cell) => cell.padStart(12))
      .join("")}\n`;
  process.stdout.write(line(["case", "ratio", "at least", "ours", "reference", "unit"]));
  for (const [name, { ratio, ours, reference, unit }] of Object.entries(cases)) {
    process.stdout.write(line([name, ratio.toFixed(2), String(atLeast[name]), number(ours), number(reference), unit]));
  }
}
process.exitCode = Object.entries(cases).every(([name, { ratio }]) => ratio >= (atLeast[name] ?? 0)) ? 0 : 1;
