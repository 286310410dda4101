import { openDatabase } from "../src/database/opening.ts";
import { sqliteAt } from "../test/support/databases/locations.ts";
import type { EventFilter, EventWindow } from "../src/events/filter/filter.ts";
import { levelsFrom } from "../src/events/filter/level.ts";
import { renderEventPage, shownColumns } from "../src/events/rendering/maas-rendering.ts";
import { readPage } from "../src/events/query/page.ts";
import type { NodeFilter } from "../src/nodes/inventory/node-filter.ts";
import { inTurn, type Measurement } from "./support/case.ts";
import { type FilledLog, filledLog, rareNode, rareUser } from "./support/filled-log.ts";

const rounds = 15;
const pagesPerRound = 200;

/** What goes through the inventory of today. */
const inventoryFilters: readonly (readonly [string, NodeFilter])[] = [
  ["zone", { zones: [rareNode.zone] }],
  ["domain", { domains: [rareNode.domain] }],
  ["pool", { pools: [rareNode.pool] }],
  ["agent-name", { agentNames: [rareNode.agentName] }],
  ["mac", { macs: [rareNode.mac] }],
];

/** The same page out of a large log and out of one of 10,000 events: its cost must not depend on what is stored. */
export async function run(events: number): Promise<Readonly<Record<string, Measurement>>> {
  using large = await filledLog(events);
  using small = await filledLog(10_000);
  const auditLevel = levelsFrom(0);
  const cases: readonly (readonly [string, EventFilter, (stored: number) => EventWindow])[] = [
    ["events-scale-all", { levels: auditLevel }, () => ({ kind: "newest" })],
    ["events-scale-owner", { levels: auditLevel, usernames: [rareUser] }, () => ({ kind: "newest" })],
    ["events-scale-before", { levels: auditLevel }, (stored) => ({ kind: "before", id: Math.floor(stored / 2) })],
    ["events-scale-level", { levels: levelsFrom(20) }, () => ({ kind: "newest" })],
    ["events-scale-node", { levels: auditLevel, nodes: [rareNode.systemId] }, () => ({ kind: "newest" })],
    ["events-scale-hostname", { levels: auditLevel, hostnames: [rareNode.hostname] }, () => ({ kind: "newest" })],
    ...inventoryFilters.map(
      ([name, inventory]) =>
        [`events-scale-${name}`, { levels: auditLevel, inventory }, (): EventWindow => ({ kind: "newest" })] as const,
    ),
  ];
  const measurements: Record<string, Measurement> = {};
  for (const [name, filter, windowFor] of cases) {
    await using ours = await reader(large, filter, windowFor(events));
    await using reference = await reader(small, filter, windowFor(10_000));
    measurements[name] = await inTurn(rounds, "pages/s", ours.rate, reference.rate);
  }
  return measurements;
}

async function reader({ file }: FilledLog, filter: EventFilter, window: EventWindow) {
  const open = await openDatabase(sqliteAt(file));
  const viewer = { id: 1, username: "admin", isSuperuser: true };
  return {
    async rate(): Promise<number> {
      const start = performance.now();
      for (let page = 0; page < pagesPerRound; page += 1) {
        const request = { columns: shownColumns, filter, window, limit: 100, entriesMax: Infinity };
        const { events } = await readPage(open.db, viewer, request);
        if (renderEventPage(events, "/", "/").length === 0) throw new Error("an empty page");
      }
      return (pagesPerRound * 1000) / (performance.now() - start);
    },
    [Symbol.asyncDispose]: () => open[Symbol.asyncDispose](),
  };
}
