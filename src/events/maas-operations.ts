import { readsAll, type Viewer, viewerKey } from "../audit/actor.ts";
import type { Database } from "../database/database.ts";
import { logVersion, VersionCache } from "../database/version-cache.ts";
import { viewerOf } from "../http/authentication/acting-user.ts";
import type { MaasAnswer } from "../http/maas/answer.ts";
import type { MaasOperation } from "../http/maas/operation.ts";
import type { Parameters } from "../http/maas/parameters/parameters.ts";
import { query } from "../http/operations/operation.ts";
import { parseNodeFilter } from "../nodes/maas-parameters.ts";
import { hostnamesOf, systemIdsOf } from "../nodes/inventory/node-queries.ts";
import { nodeTypes } from "../nodes/inventory/node.ts";
import { Refusal } from "../refusal.ts";
import type { EventFilter, EventWindow } from "./filter/filter.ts";
import { findLevel, levelNumbers, levelsFrom } from "./filter/level.ts";
import { renderEventPage, shownColumns, type MaasEventRow } from "./rendering/maas-rendering.ts";
import { nextUri, prevUri } from "./rendering/maas-uris.ts";
import { readsOf } from "./reading/reads.ts";
import { isMirrored } from "../verifiable-log/event-source.ts";
import { readPage } from "./query/page.ts";

const limitDefault = 100;
const limitMax = 1000;

/** Pages that are asked for again and again while nothing happens: what dashboards and pollers do. */
const pagesRemembered = 64;

/** `GET events/?op=query`: MAAS API 2.0, `maasserver/api/events.py`, by the rules B1 to B9 of the contract. */
export function maasEventOperations(): readonly MaasOperation[] {
  const pages = new VersionCache<MaasAnswer>(pagesRemembered);
  return [
    {
      resource: { name: "EventsHandler", doc: "Retrieve filtered events: who did what, when." },
      path: "api/2.0/events/",
      method: "GET",
      op: "query",
      who: "user",
      alsoMirrored: true,
      scope: "events:read",
      title: "List node events",
      description:
        "Return events, newest first, optionally filtered. Administrators see all, others their own audit events, and events of other levels of the nodes that they may see. Filters that name nodes may be repeated.",
      parameters: queryParameters,
      example: "level=AUDIT limit=20",
      does: query(async (call) => {
        const { db, actor, asOf, request } = call;
        const { query } = request;
        const viewer = viewerOf(actor);
        await readsOf(db).note(call, "query");
        const key = `${seenKey(viewer)} ${JSON.stringify(query.pairs)}`;
        return pages.get(asOf ?? (await logVersion(db)), key, () => readMaasPage(db, viewer, query));
      }),
    },
  ];
}

/** What viewers have in common who see the same. */
function seenKey(viewer: Viewer): string {
  if ("realm" in viewer) return `${viewerKey(viewer)} ${viewer.readsRealm}`;
  return readsAll(viewer) ? "all" : viewerKey(viewer);
}

const queryParameters: MaasOperation["parameters"] = {
  level: {
    type: "String",
    required: false,
    doc: "AUDIT for audit events alone, or the lowest level of other events: DEBUG, INFO (default), WARNING, ERROR or CRITICAL. Events of devices are listed at AUDIT alone.",
  },
  owner: { type: "String", required: false, doc: "If specified, only events of that user name. May be repeated." },
  hostname: {
    type: "String",
    required: false,
    doc: "If specified, only events recorded with this hostname, or of the node that has it now.",
  },
  id: { type: "String", required: false, doc: "If specified, only events of the node of this system id." },
  mac_address: { type: "String", required: false, doc: "If specified, only events of the node with this MAC address." },
  domain: { type: "String", required: false, doc: "If specified, only events of nodes in this domain." },
  zone: { type: "String", required: false, doc: "If specified, only events of nodes in this zone." },
  pool: { type: "String", required: false, doc: "If specified, only events of nodes in this resource pool." },
  agent_name: { type: "String", required: false, doc: "If specified, only events of nodes with this agent name." },
  limit: { type: "Int", required: false, doc: `Number of events: 1 to ${limitMax}. Default ${limitDefault}.` },
  before: { type: "Int", required: false, doc: "Only the newest events older than the event of this id." },
  after: { type: "Int", required: false, doc: "Only the oldest events newer than the event of this id." },
};

async function readMaasPage(db: Database, viewer: Viewer, query: Parameters): Promise<MaasAnswer> {
  const { filter: asked, hasDevices, window, limit } = parseEventQuery(query);
  // The devices of the inventory here are none of theirs.
  const filter = hasDevices || "realm" in viewer ? asked : await withoutDevices(db, asked);
  const { events } = await readPage(db, viewer, {
    columns: shownColumns,
    filter,
    window,
    limit,
    entriesMax: Infinity,
  });
  const shown = await withoutDeletedNodes(db, events);
  return eventPage(renderEventPage(shown, nextUri(query, window, events), prevUri(query, window, events)));
}

/** MAAS shows a node that is there no longer as null; what was recorded is not touched (contract A6). */
async function withoutDeletedNodes(db: Database, events: readonly MaasEventRow[]): Promise<readonly MaasEventRow[]> {
  // Of a mirrored MAAS's nodes the inventory here knows nothing.
  const own = events.filter((event) => !isMirrored(event));
  const named = new Set(own.map(({ node }) => node).filter((node) => node !== null));
  if (named.size === 0) return events;
  const existing = await hostnamesOf(db, [...named]);
  return events.map((event) =>
    event.node === null || isMirrored(event) || existing.has(event.node) ? event : { ...event, node: null },
  );
}

function eventPage(json: string): MaasAnswer {
  return { status: 200, contentType: "application/json; charset=utf-8", body: Buffer.from(json, "utf8") };
}

/** Reads the query in MAAS's order, so that of several mistakes the same one is named. */
function parseEventQuery(query: Parameters): {
  readonly filter: EventFilter;
  readonly hasDevices: boolean;
  readonly window: EventWindow;
  readonly limit: number;
} {
  const after = parseInteger(query, "after");
  const before = parseInteger(query, "before");
  const limit = parseInteger(query, "limit") ?? limitDefault;
  if (limit > limitMax) {
    throw new Refusal("invalid", `Requested number of events ${limit} is greater than limit: ${limitMax}`);
  }
  const nodes = parseNodes(query);
  const name = query.last("level");
  const level = name === undefined ? levelNumbers.INFO : findLevel(name);
  if (level === undefined) throw new Refusal("invalid", `Unrecognised log level: ${name}`);
  if (after !== undefined && before !== undefined) {
    throw new Refusal("invalid", "There is undetermined behaviour when both `after` and `before` are specified.");
  }
  // Nobody's events are asked for with an empty name.
  const usernames = [...new Set(query.all("owner"))].map((name) => (name === "" ? null : name));
  const filter = { levels: levelsFrom(level), ...(usernames.length > 0 && { usernames }), ...nodes };
  // MAAS 2.9 lists audit events of devices, and leaves devices out at every other level.
  const hasDevices = level === levelNumbers.AUDIT;
  return { filter, hasDevices, window: windowOf(before, after), limit: Math.max(1, limit) };
}

/** What was recorded of a node is told apart from what goes through the inventory of today (contract B4). */
function parseNodes(query: Parameters): Pick<EventFilter, "nodes" | "hostnames" | "inventory"> {
  const { systemIds, hostnames, ...inventory } = parseNodeFilter(query);
  return {
    ...(systemIds !== undefined && { nodes: systemIds }),
    ...(hostnames !== undefined && { hostnames }),
    ...(Object.keys(inventory).length > 0 && { inventory }),
  };
}

/** Devices that are looked up at once; where there are more, their events are sorted out one by one. */
const devicesMax = 1_000;

/** The cheapest way that leaves nothing of a device: most logs have no devices, and a query about a node names it. */
async function withoutDevices(db: Database, filter: EventFilter): Promise<EventFilter> {
  const { inventory, nodes } = filter;
  // As a part of what the node must be: that is found sooner than what is excluded.
  if (inventory !== undefined) {
    return { ...filter, inventory: { ...inventory, types: nodeTypes.filter((type) => type !== "device") } };
  }
  const devices = await systemIdsOf(
    db,
    { types: ["device"], ...(nodes !== undefined && { systemIds: nodes }) },
    devicesMax,
  );
  if (devices.length === 0) return filter;
  if (nodes === undefined || devices.length === devicesMax)
    return { ...filter, exclude: { inventory: { types: ["device"] } } };
  const others = nodes.filter((node) => !devices.includes(node));
  return others.length === 0 ? { ...filter, levels: [] } : { ...filter, nodes: others };
}

function windowOf(before: number | undefined, after: number | undefined): EventWindow {
  if (before !== undefined) return { kind: "before", id: before };
  if (after !== undefined) return { kind: "after", id: after };
  return { kind: "newest" };
}

/** MAAS's integers: a sign and blanks are allowed, and an empty one was not given. */
function parseInteger(query: Parameters, name: string): number | undefined {
  const text = (query.last(name) ?? "").trim();
  if (text === "") return undefined;
  const number = Number(text);
  if (!/^[+-]?\d+$/.test(text)) throw new Refusal("invalid", `Invalid ${name}: Please enter an integer value`);
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, number));
}
