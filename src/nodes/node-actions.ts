import { defineAction, type Tx } from "../audit/action.ts";
import { draftEvent, type EventExtras } from "../audit/event-draft.ts";
import { invalidField, Refusal } from "../refusal.ts";
import type { CanonicalValue } from "../verifiable-log/canonical-json.ts";
import { changeDetails, differences } from "./differences.ts";
import { isNobodys, lockedNode } from "./life-cycle.ts";
import { getNode } from "./node-queries.ts";
import { type Node, type NodeType, nodeTypeNumber, type PowerState } from "./node.ts";
import { defaultDomainId, defaultPoolId, defaultZoneId } from "./place.ts";
import { findDomain, namedPlace } from "./place-queries.ts";
import { type StatusLabel, statusNumber } from "./status.ts";

export interface NewNode {
  /** The first that nobody has or had is taken. */
  readonly systemIds: readonly string[];
  /** One that was asked for, or several drawn ones, of which the first free one is taken. */
  readonly hostnames: readonly string[];
  readonly type: NodeType;
  readonly macs: readonly string[];
  /** By their names; the default ones unless given. */
  readonly domain?: string;
  /** The domain that was written behind the hostname; it comes first. */
  readonly writtenDomain?: string;
  readonly zone?: string;
  readonly pool?: string;
  readonly status?: StatusLabel;
  readonly architecture: string;
  readonly powerType: string;
  readonly description: string;
  /** Microseconds. */
  readonly now: number;
}

export const createNode = defineAction({
  async run(tx, input: NewNode) {
    refusePoolOf(input.type, input);
    const { domain_id, zone_id, pool_id } = await placeIds(tx, input);
    const status = statusNumber(input.status ?? "New");
    const row = await tx
      .insertInto("node")
      .values({
        system_id: await freeSystemId(tx, input.systemIds),
        hostname: await freeHostname(tx, input.hostnames),
        node_type: nodeTypeNumber(input.type),
        status,
        previous_status: statusNumber("New"),
        domain_id: domain_id ?? defaultDomainId,
        zone_id: zone_id ?? defaultZoneId,
        pool_id: input.type === "machine" ? (pool_id ?? defaultPoolId) : null,
        agent_name: "",
        owner_id: null,
        architecture: input.architecture,
        power_type: input.powerType,
        power_state: "unknown",
        description: input.description,
        locked: 0,
        created: input.now,
        updated: input.now,
      })
      .returning(["id", "system_id"])
      .executeTakeFirstOrThrow();
    await storeMacs(tx, row.id, input.macs);
    return getNode(tx, row.system_id);
  },
  events: (node) => [
    draftEvent("node.create", { type: node.type, hostname: node.hostname }, aboutNode(node, described(node))),
  ],
});

/** What to change of a node; what is left out stays. Zones, pools and domains by their names. */
export interface NodeChanges {
  readonly zone?: string;
  readonly pool?: string;
  readonly domain?: string;
  /** The domain that was written behind the hostname; it comes first. */
  readonly writtenDomain?: string;
  readonly hostname?: string;
  readonly status?: StatusLabel;
  readonly description?: string;
  readonly architecture?: string;
  readonly powerType?: string;
  readonly powerState?: PowerState;
  readonly agentName?: string;
  readonly macs?: readonly string[];
}

export const updateNode = defineAction({
  async run(tx, { systemId, changes, now }: { systemId: string; changes: NodeChanges; now: number }) {
    const before = await getNode(tx, systemId);
    const { hostname, status, description, architecture, powerType, powerState, agentName, macs } = changes;
    refusePoolOf(before.type, changes);
    if (before.isLocked && status !== undefined && !mayEndIn(before, status)) throw lockedNode(before);
    if (hostname !== undefined && !isSameHostname(hostname, before.hostname)) await freeHostname(tx, [hostname]);
    // Whoever reports that a machine is ready again has ended its release.
    const isFreed = status !== undefined && isNobodys(status);
    await tx
      .updateTable("node")
      .set({
        ...(await placeIds(tx, changes)),
        ...(hostname !== undefined && { hostname }),
        ...(status !== undefined && { status: statusNumber(status) }),
        ...(description !== undefined && { description }),
        ...(architecture !== undefined && { architecture }),
        ...(powerType !== undefined && { power_type: powerType }),
        ...(powerState !== undefined && { power_state: powerState }),
        ...(agentName !== undefined && { agent_name: agentName }),
        ...(isFreed && { owner_id: null, agent_name: "" }),
        updated: now,
      })
      .where("id", "=", before.id)
      .execute();
    if (macs !== undefined) await replaceMacs(tx, before, macs);
    return { before, after: await getNode(tx, systemId) };
  },
  events: ({ before, after }) => {
    const changes = differences(described(before), described(after));
    const { type, hostname } = after;
    const facts = { type, hostname, changed: Object.keys(changes) };
    return [draftEvent("node.update", facts, aboutNode(after, changeDetails(changes)))];
  },
});

export const deleteNode = defineAction({
  async run(tx, { systemId, now }: { systemId: string; now: number }) {
    const node = await getNode(tx, systemId);
    if (node.isLocked) throw lockedNode(node);
    await tx.deleteFrom("node_mac").where("node_id", "=", node.id).execute();
    await tx.deleteFrom("node_tag").where("node_id", "=", node.id).execute();
    await tx.deleteFrom("node").where("id", "=", node.id).execute();
    await tx
      .insertInto("deleted_node")
      .values({ system_id: systemId, hostname: node.hostname, deleted: now })
      .execute();
    return node;
  },
  events: (node) => [
    draftEvent("node.delete", { type: node.type, hostname: node.hostname }, aboutNode(node, described(node))),
  ],
});

/**
 * Gives all of a user's nodes to somebody else, as a part of deleting the user. Returns the nodes' system ids, for that
 * action's event.
 */
export async function transferNodes(tx: Tx, fromUserId: number, toUserId: number): Promise<readonly string[]> {
  const rows = await tx
    .updateTable("node")
    .set({ owner_id: toUserId })
    .where("owner_id", "=", fromUserId)
    .returning("system_id")
    .execute();
  return rows.map(({ system_id }) => system_id).toSorted();
}

/** What an event says of the node that it is about. */
export function aboutNode({ systemId, hostname }: Node, details?: EventExtras["details"]): EventExtras {
  return {
    node: { systemId, hostname },
    target: { kind: "node", id: systemId, name: hostname },
    ...(details !== undefined && { details }),
  };
}

/** A node's fields by the names of the APIs, in the order in which events list them. */
function described(node: Node): Readonly<Record<string, CanonicalValue>> {
  return {
    zone: node.zone.name,
    pool: node.pool?.name ?? null,
    domain: node.domain.name,
    hostname: node.hostname,
    status: node.status,
    description: node.description,
    architecture: node.architecture,
    power_type: node.powerType,
    power_state: node.powerState,
    agent_name: node.agentName,
    owner: node.owner?.username ?? null,
    mac_addresses: node.interfaces.map(({ mac }) => mac),
  };
}

interface NamedPlaces {
  readonly domain?: string;
  readonly writtenDomain?: string;
  readonly zone?: string;
  readonly pool?: string;
}

function refusePoolOf(type: NodeType, { pool }: NamedPlaces): void {
  if (pool !== undefined && type !== "machine") throw invalidField("pool", `A ${type} is in no pool.`);
}

async function placeIds(tx: Tx, { domain: named, writtenDomain, zone, pool }: NamedPlaces) {
  const name = writtenDomain ?? named;
  const domain = name === undefined ? undefined : await findDomain(tx, { name });
  if (name !== undefined && domain === undefined) {
    if (writtenDomain !== undefined) throw invalidField("hostname", "Nonexistant domain.");
    throw invalidField("domain", `Select a valid choice. '${name}' is not one of the available choices.`);
  }
  return {
    ...(domain !== undefined && { domain_id: domain.id }),
    ...(zone !== undefined && { zone_id: (await namedPlace(tx, "zone", zone)).id }),
    ...(pool !== undefined && { pool_id: (await namedPlace(tx, "pool", pool)).id }),
  };
}

async function freeSystemId(tx: Tx, drawn: readonly string[]): Promise<string> {
  for (const systemId of drawn) {
    const node = await tx.selectFrom("node").select("id").where("system_id", "=", systemId).executeTakeFirst();
    const deleted = await tx
      .selectFrom("deleted_node")
      .select("system_id")
      .where("system_id", "=", systemId)
      .executeTakeFirst();
    if (node === undefined && deleted === undefined) return systemId;
  }
  throw new Refusal("unavailable", "No free system id was drawn. Nothing was changed; try again.");
}

/** What keeps its status, and how a deployment ended that went on while the machine was locked. */
function mayEndIn({ status: now }: Node, status: StatusLabel): boolean {
  return status === now || (now === "Deploying" && (status === "Deployed" || status === "Failed deployment"));
}

/** DNS knows no case. */
function isSameHostname(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

async function freeHostname(tx: Tx, candidates: readonly string[]): Promise<string> {
  for (const hostname of candidates) {
    const taken = await tx
      .selectFrom("node")
      .select("id")
      .where(({ fn, val, eb }) => eb(fn<string>("lower", ["hostname"]), "=", val(hostname.toLowerCase())))
      .executeTakeFirst();
    if (taken === undefined) return hostname;
  }
  throw invalidField("hostname", "Node with this Hostname already exists.");
}

async function replaceMacs(tx: Tx, node: Node, macs: readonly string[]): Promise<void> {
  const old = node.interfaces.map(({ mac }) => mac);
  const gone = old.filter((mac) => !macs.includes(mac));
  if (gone.length > 0) await tx.deleteFrom("node_mac").where("mac", "in", gone).execute();
  await storeMacs(
    tx,
    node.id,
    macs.filter((mac) => !old.includes(mac)),
  );
}

async function storeMacs(tx: Tx, nodeId: number, macs: readonly string[]): Promise<void> {
  if (macs.length === 0) return;
  const taken = await tx
    .selectFrom("node_mac")
    .innerJoin("node", "node.id", "node_mac.node_id")
    .select(["node_mac.mac", "node.hostname"])
    .where("node_mac.mac", "in", macs)
    .orderBy("node_mac.mac")
    .executeTakeFirst();
  if (taken !== undefined) {
    throw invalidField("mac_addresses", `MAC address ${taken.mac} already in use on ${taken.hostname}.`);
  }
  await tx
    .insertInto("node_mac")
    .values(macs.map((mac) => ({ node_id: nodeId, mac })))
    .execute();
}
