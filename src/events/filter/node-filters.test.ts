import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type FreshDatabase, freshDatabase, type Kind, kinds } from "../../../test/support/databases/databases.ts";
import { createPerson, newMachine } from "../../../test/support/worlds/database-world.ts";
import { defineAction } from "../../audit/action.ts";
import { type ActingUser, machineActor } from "../../audit/actor.ts";
import { draftEvent } from "../../audit/event-draft.ts";
import { perform } from "../../audit/perform.ts";
import type { EventTable } from "../../database/tables.ts";
import { createDomain } from "../../nodes/places/domain-actions.ts";
import { advanceNode } from "../../nodes/life-cycle/life-cycle-actions.ts";
import { createNode, deleteNode, updateNode } from "../../nodes/inventory/node-actions.ts";
import type { NodeFilter } from "../../nodes/inventory/node-filter.ts";
import { listNodes } from "../../nodes/inventory/node-queries.ts";
import type { Node } from "../../nodes/inventory/node.ts";
import { createZone } from "../../nodes/places/place-actions.ts";
import type { EventFilter, EventWindow } from "./filter.ts";
import { allLevels, levelsFrom } from "./level.ts";
import { isAboutNodesAlone, pageOfManyNodes } from "./many-nodes.ts";
import { readPage } from "../query/page.ts";

const columns = ["id", "user_id", "username", "level", "node", "hostname"] as const;
type Stored = Pick<EventTable, (typeof columns)[number]>;

const machine = machineActor("tester");
const now = 1;
const nodeCount = 80;
const systemId = (index: number): string => `node${String(index).padStart(2, "0")}`;

for (const kind of kinds) {
  test(`for any filter by nodes, viewer and window, the pages are what the same filter finds in an array (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const { people, nodes, stored } = await fillLog(database, kind);
    const viewer = fc.constantFrom(...people);
    const limit = fc.integer({ min: 1, max: 40 });
    const property = fc.asyncProperty(
      filters,
      viewer,
      windows,
      limit,
      fc.boolean(),
      async (filter, who, window, most, isShort) => {
        const request = { columns, filter, window, limit: most, entriesMax: isShort ? 7 : Infinity };
        const { events, stoppedAt } = await readPage(database.db, who, request);
        const matching = stored.filter((event) => isWanted(event, filter, nodes, who) && isIn(event, window));
        const expected = window.kind === "after" ? matching.slice(-most) : matching.slice(0, most);
        const found = events.map(({ id }) => id);
        const ids = expected.map(({ id }) => id);
        // A page that was given up short has all that matches up to where it stopped.
        const isSeen = (id: number): boolean =>
          stoppedAt === undefined || (window.kind === "after" ? id <= stoppedAt : id >= stoppedAt);
        assert.deepEqual(found, ids.filter(isSeen));
      },
    );
    await fc.assert(property, { numRuns: 400 });
  });
}

for (const kind of kinds) {
  test(`for any filter by nodes alone, looking for each node gives the same page (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const { people, nodes, stored } = await fillLog(database, kind);
    const [ada] = people;
    const levels = fc.constantFrom(allLevels, [0], levelsFrom(20));
    const about = fc.record({ levels, nodes: listedNodes, inventory: inventories }).map(given);
    const property = fc.asyncProperty(
      about,
      windows,
      fc.integer({ min: 1, max: 60 }),
      async (filter, window, limit) => {
        fc.pre(isAboutNodesAlone(filter));
        const rows = await pageOfManyNodes(database.db, filter, { columns, window, limit });
        const matching = stored.filter((event) => isWanted(event, filter, nodes, ada) && isIn(event, window));
        const expected = window.kind === "after" ? matching.toReversed() : matching;
        assert.deepEqual(
          rows.map(({ id }) => id),
          expected.slice(0, limit).map(({ id }) => id),
        );
      },
    );
    await fc.assert(property, { numRuns: 200 });
  });
}

/** Events of all levels about nodes: some were renamed or deleted since, some are owned, most are in one zone. */
async function fillLog({ db, meddle }: FreshDatabase, kind: Kind) {
  const { user: ada } = await createPerson(db, { username: "ada", isAdministrator: true });
  const { user: bob } = await createPerson(db, { username: "bob" });
  const { user: cid } = await createPerson(db, { username: "cid" });
  await perform(db, machine, createZone, { name: "small", description: "" });
  await perform(db, machine, createDomain, { name: "lab", isAuthoritative: true, ttlSeconds: null });
  const actors = [ada, bob, cid].map((user) => ({ ...machine, user }));
  for (let index = 0; index < nodeCount; index += 1) {
    const node = newMachine(systemId(index), {
      hostnames: [`host${index}`],
      type: index % 20 === 7 ? "rack controller" : "machine",
      macs: [`00:00:00:00:00:${index.toString(16).padStart(2, "0")}`],
      zone: index % 16 === 0 ? "small" : "default",
      domain: index % 10 === 0 ? "lab" : "maas",
      architecture: "",
    });
    await perform(db, machine, createNode, node);
  }
  for (const [index, owner] of [1, 2, 1, 1, 2].entries()) {
    const actor = actors[owner] ?? machine;
    const input = { systemId: systemId(index), step: "acquire", agentName: "juju", comment: "", now } as const;
    await perform(db, actor, advanceNode, input);
  }
  await tell({ db, meddle }, actors, 0);
  for (const index of [20, 21, 5]) await perform(db, machine, deleteNode, { systemId: systemId(index), now });
  const rename = (index: number, hostname: string) =>
    perform(db, machine, updateNode, { systemId: systemId(index), changes: { hostname }, now });
  await rename(3, "renamed");
  await rename(4, "host3");
  await rename(6, "host20");
  await tell({ db, meddle }, actors, 1);
  await changeLevels({ meddle }, kind);
  const stored = await db
    .selectFrom("event")
    .select([...columns])
    .orderBy("id", "desc")
    .execute();
  return { people: [ada, bob, cid] as const, nodes: await listNodes(db, {}), stored };
}

const report = defineAction({
  async run(_tx, node: { systemId: string; hostname: string } | undefined) {
    return node;
  },
  events: (node) => [draftEvent("token.create", undefined, node === undefined ? {} : { node })],
});

async function tell(
  { db }: Pick<FreshDatabase, "db" | "meddle">,
  actors: readonly { user: ActingUser }[],
  salt: number,
) {
  for (let index = 0; index < 120; index += 1) {
    const at = (index * 7 + salt) % 30;
    const [node] = await listNodes(db, { systemIds: [systemId(at)] });
    const actor = { ...machine, ...actors[index % 4] };
    await perform(db, actor, report, node);
  }
}

async function changeLevels({ meddle }: Pick<FreshDatabase, "meddle">, kind: Kind): Promise<void> {
  if (kind === "postgres") await meddle("alter table event disable trigger user");
  else await meddle("drop trigger event_never_changes");
  await meddle("update event set level = 10 * (id % 6) where id % 2 = 0");
}

/** An optional list of some of these. */
const some = <Value>(...values: readonly Value[]) =>
  fc.option(fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 }), { nil: undefined, freq: 1 });

const inventories: fc.Arbitrary<NodeFilter | undefined> = fc.option(
  fc
    .record({
      zones: some("default", "small", "nosuch"),
      pools: some("default", "nosuch"),
      domains: some("maas", "lab"),
      agentNames: some("", "juju"),
      macs: some("00:00:00:00:00:02", "00:00:00:00:00:03", "00:00:00:00:00:ff"),
    })
    .map(given),
  { nil: undefined },
);

const listedNodes = fc.oneof(
  some(systemId(1), systemId(3), systemId(20), "nosuch"),
  fc.constant(Array.from({ length: 70 }, (_, index) => systemId(index))),
);

const filters: fc.Arbitrary<EventFilter> = fc
  .record({
    levels: fc.constantFrom(allLevels, [0], levelsFrom(10), levelsFrom(20), levelsFrom(50), [0, 20]),
    usernames: some("ada", "bob", null),
    nodes: listedNodes,
    hostnames: some("host3", "host4", "renamed", "host20", "host1", "nosuch"),
    inventory: inventories,
  })
  .map(given);

const windows: fc.Arbitrary<EventWindow> = fc.oneof(
  fc.constant<EventWindow>({ kind: "newest" }),
  fc.record({ kind: fc.constantFrom("before", "after"), id: fc.integer({ min: -1, max: 450 }) }),
);

/** What is undefined is left out, as the parsers do. */
function given<Filter extends object>(filter: { readonly [Name in keyof Filter]: Filter[Name] | undefined }): Filter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as Filter;
}

function isWanted(event: Stored, filter: EventFilter, nodes: readonly Node[], viewer: ActingUser): boolean {
  const mine = nodes.filter(({ type, owner }) => {
    return viewer.isSuperuser || (type === "machine" && (owner === null || owner.id === viewer.id));
  });
  const node = mine.find((one) => one.systemId === event.node);
  const isVisible = viewer.isSuperuser || (event.level === 0 ? event.user_id === viewer.id : node !== undefined);
  const { levels, usernames, nodes: systemIds, hostnames, inventory } = filter;
  const isOneOf = <Value>(wanted: readonly Value[] | undefined, value: Value): boolean =>
    wanted === undefined || wanted.includes(value);
  return (
    isVisible &&
    levels.includes(event.level) &&
    isOneOf(usernames, event.username) &&
    (systemIds === undefined || systemIds.includes(event.node ?? "")) &&
    (hostnames === undefined || hostnames.includes(event.hostname ?? "") || hostnames.includes(node?.hostname ?? "")) &&
    (inventory === undefined ||
      (node !== undefined &&
        isOneOf(inventory.zones, node.zone.name) &&
        isOneOf(inventory.pools, node.pool?.name ?? "") &&
        isOneOf(inventory.domains, node.domain.name) &&
        isOneOf(inventory.agentNames, node.agentName) &&
        (inventory.macs === undefined || node.interfaces.some(({ mac }) => inventory.macs?.includes(mac)))))
  );
}

function isIn({ id }: Stored, window: EventWindow): boolean {
  if (window.kind === "newest") return true;
  return window.kind === "before" ? id < window.id : id > window.id;
}
