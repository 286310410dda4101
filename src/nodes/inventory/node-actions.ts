import { defineAction, type Tx } from "../../audit/action.ts";
import type { Actor } from "../../audit/actor.ts";
import { draftEvent, type EventExtras } from "../../audit/event-draft.ts";
import { invalidField, Refusal } from "../../refusal.ts";
import type { CanonicalValue } from "../../verifiable-log/canonical-json.ts";
import { changeDetails, differences } from "../../audit/differences.ts";
import { isNobodys, lockedNode } from "../life-cycle/life-cycle.ts";
import { replaceMacs, storeMacs } from "./node-macs.ts";
import { findNode, getNode, maySee, noSuchNode } from "./node-queries.ts";
import { type Node, type NodeType, nodeTypeNumber, type PowerState } from "./node.ts";
import { defaultDomainId, defaultPoolId, defaultZoneId } from "../places/place.ts";
import { placeIds, refusePoolOf } from "../places/placing.ts";
import { checkScripts, type ScriptChoices } from "../life-cycle/script-choices.ts";
import { type StatusLabel, statusNumber } from "../life-cycle/status.ts";
import { detailColumns, shownDetails, type SystemDetails, withoutSystem } from "./system-details.ts";

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
  readonly details?: Partial<SystemDetails>;
  /** The system id of the node that a device belongs to. */
  readonly parent?: string | null;
  /** True if it's commissioned at once, which has its own event. */
  readonly isCommissioned?: boolean;
  /** Which scripts it is to be commissioned and tested with. */
  readonly scripts?: ScriptChoices;
  /** Microseconds. */
  readonly now: number;
}

/** Adds a node. A device belongs to whoever adds it, as in MAAS; a machine to nobody until it is allocated. */
export const createNode = defineAction({
  async run(tx, input: NewNode, actor) {
    refusePoolOf(input.type, input);
    await checkScripts(tx, input.scripts ?? {});
    const { domain_id, zone_id, pool_id } = await placeIds(tx, input);
    const status = statusNumber(input.isCommissioned === true ? "Commissioning" : (input.status ?? "New"));
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
        owner_id: input.type === "device" ? (actor.user?.id ?? null) : null,
        architecture: input.architecture,
        power_type: input.powerType,
        power_state: input.isCommissioned === true ? "on" : "unknown",
        description: input.description,
        ...detailColumns(input.details ?? {}),
        parent_system_id: await parentOf(tx, input, actor),
        locked: 0,
        created: input.now,
        updated: input.now,
      })
      .returning(["id", "system_id"])
      .executeTakeFirstOrThrow();
    await storeMacs(tx, row.id, input.macs, actor);
    return getNode(tx, row.system_id);
  },
  events: (node, { isCommissioned = false, scripts = {} }) => {
    const { type, hostname } = node;
    const start = { status: "New", power_state: "unknown" };
    const details = { ...described(node), ...(isCommissioned ? start : scripts) };
    const created = draftEvent("node.create", { type, hostname }, aboutNode(node, details));
    if (!isCommissioned) return [created];
    const changes = { ...differences(start, { status: node.status, power_state: node.powerState }), ...scripts };
    return [created, draftEvent("node.commission", { hostname }, aboutNode(node, changes))];
  },
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
  readonly details?: Partial<SystemDetails>;
  /** Null for none. */
  readonly parent?: string | null;
}

export const updateNode = defineAction({
  async run(tx, { systemId, changes, now }: { systemId: string; changes: NodeChanges; now: number }, actor) {
    const before = await getNode(tx, systemId);
    const { hostname, status, description, architecture, powerType, powerState, agentName, macs } = changes;
    refuseOthers(before, actor);
    refusePoolOf(before.type, changes);
    if (before.isLocked && status !== undefined && !mayEndIn(before, status)) throw lockedNode(before);
    if (hostname !== undefined && !isSameHostname(hostname, before.hostname)) await freeHostname(tx, [hostname]);
    // Whoever reports that a machine is ready again has ended its release. A device stays its owner's.
    const isFreed = before.type === "machine" && status !== undefined && isNobodys(status);
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
        ...(isFreed && !isNobodys(before.status) && detailColumns(withoutSystem)),
        ...detailColumns(changes.details ?? {}),
        ...(changes.parent !== undefined && {
          parent_system_id: await parentOf(tx, { type: before.type, systemId, parent: changes.parent }, actor),
        }),
        ...(isFreed && { owner_id: null, agent_name: "" }),
        updated: now,
      })
      .where("id", "=", before.id)
      .execute();
    if (macs !== undefined) await replaceMacs(tx, before, macs, actor);
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
  async run(tx, { systemId, now }: { systemId: string; now: number }, actor) {
    const node = await getNode(tx, systemId);
    refuseOthers(node, actor);
    if (node.isLocked) throw lockedNode(node);
    await tx.deleteFrom("node_mac").where("node_id", "=", node.id).execute();
    await tx.deleteFrom("node_tag").where("node_id", "=", node.id).execute();
    await tx.deleteFrom("node").where("id", "=", node.id).execute();
    const orphans = await tx
      .updateTable("node")
      .set({ parent_system_id: null })
      .where("parent_system_id", "=", systemId)
      .returning("system_id")
      .execute();
    await tx
      .insertInto("deleted_node")
      .values({ system_id: systemId, hostname: node.hostname, deleted: now })
      .execute();
    return { node, orphans: orphans.map(({ system_id }) => system_id).toSorted() };
  },
  events: ({ node, orphans }) => {
    const { type, hostname } = node;
    const details = { ...described(node), ...(orphans.length > 0 && { parent_of: orphans }) };
    return [draftEvent("node.delete", { type, hostname }, aboutNode(node, details))];
  },
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
    parent: node.parent,
    ...shownDetails(node.details),
  };
}

/** Administrators change every node, others their own devices, as in MAAS. */
function refuseOthers(node: Node, { user }: Actor): void {
  if (user === null || user.isSuperuser) return;
  if (!maySee(user, node)) throw noSuchNode(node.systemId);
  if (node.type === "device" && node.owner?.id === user.id) return;
  throw new Refusal("forbidden", "This method is reserved for admin users.", { isForAdministrators: true });
}

/** The parent, which a device alone has. It must be there, seen by the actor, and not below the device itself. */
async function parentOf(
  tx: Tx,
  { type, systemId, parent }: { readonly type: NodeType; readonly systemId?: string; readonly parent?: string | null },
  { user }: Actor,
): Promise<string | null> {
  if (parent === undefined || parent === null) return null;
  if (type !== "device") throw invalidField("parent", `A ${type} has no parent: only devices have one.`);
  const found = parent === systemId ? undefined : await findNode(tx, parent);
  if (found === undefined || (user !== null && !maySee(user, found))) {
    throw invalidField("parent", `Select a valid choice. '${parent}' is not one of the available choices.`);
  }
  if (systemId === undefined || !(await isBelow(tx, found, systemId))) return parent;
  throw invalidField("parent", `'${parent}' is below '${systemId}' already: choose another parent.`);
}

/** Whether the way up from the node leads to that system id. */
async function isBelow(tx: Tx, node: Node, systemId: string): Promise<boolean> {
  const passed = new Set<string>();
  let above = node.parent;
  // A circle that an earlier version let in must not be followed for ever.
  while (above !== null && !passed.has(above)) {
    if (above === systemId) return true;
    passed.add(above);
    above = (await findNode(tx, above))?.parent ?? null;
  }
  return false;
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
  throw new Refusal("conflict", "No free system id was drawn. Nothing was changed; try again.");
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
