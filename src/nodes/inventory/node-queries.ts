import type { Reader } from "../../audit/action.ts";
import { type ActingUser, readsAll } from "../../audit/actor.ts";
import { Refusal } from "../../refusal.ts";
import { type NodeFilter, nodeCondition } from "./node-filter.ts";
import { type Node, type NodeInterface, nodeTypes, openTypes, parsePowerState } from "./node.ts";
import { statusLabel } from "../life-cycle/status.ts";
import { detailsOf } from "./system-details.ts";

/** The nodes that match, oldest first. */
export async function listNodes(db: Reader, filter: NodeFilter): Promise<readonly Node[]> {
  const condition = nodeCondition(filter);
  const wanted = db.selectFrom("node").select("node.id").where(condition);
  const rows = await db
    .selectFrom("node")
    .innerJoin("domain", "domain.id", "node.domain_id")
    .innerJoin("zone", "zone.id", "node.zone_id")
    .leftJoin("pool", "pool.id", "node.pool_id")
    .leftJoin("user", "user.id", "node.owner_id")
    .selectAll("node")
    .select([
      "domain.name as domain_name",
      "domain.authoritative",
      "domain.ttl",
      "zone.name as zone_name",
      "zone.description as zone_description",
      "pool.name as pool_name",
      "pool.description as pool_description",
      "user.username as owner_name",
    ])
    .where("node.id", "in", wanted)
    .orderBy("node.id")
    .execute();
  const macs = await db.selectFrom("node_mac").selectAll().where("node_id", "in", wanted).orderBy("id").execute();
  const tags = await db
    .selectFrom("node_tag")
    .innerJoin("tag", "tag.id", "node_tag.tag_id")
    .select(["node_tag.node_id", "tag.name"])
    .where("node_tag.node_id", "in", wanted)
    .orderBy("tag.name")
    .execute();
  const interfacesOf = Map.groupBy(macs, ({ node_id }) => node_id);
  const tagsOf = Map.groupBy(tags, ({ node_id }) => node_id);
  return rows.map((row): Node => {
    const type = nodeTypes[row.node_type];
    if (type === undefined) throw new Error(`no type of node has the number ${row.node_type}`);
    return {
      id: row.id,
      systemId: row.system_id,
      hostname: row.hostname,
      type,
      status: statusLabel(row.status),
      previousStatus: statusLabel(row.previous_status),
      domain: {
        id: row.domain_id,
        name: row.domain_name,
        isAuthoritative: row.authoritative === 1,
        ttlSeconds: row.ttl,
      },
      zone: { id: row.zone_id, name: row.zone_name, description: row.zone_description },
      pool:
        row.pool_id === null
          ? null
          : { id: row.pool_id, name: row.pool_name ?? "", description: row.pool_description ?? "" },
      agentName: row.agent_name,
      owner: row.owner_id === null ? null : { id: row.owner_id, username: row.owner_name ?? "" },
      architecture: row.architecture,
      powerType: row.power_type,
      powerState: parsePowerState(row.power_state),
      description: row.description,
      details: detailsOf(row),
      parent: row.parent_system_id,
      isLocked: row.locked === 1,
      interfaces: (interfacesOf.get(row.id) ?? []).map(({ id, mac }): NodeInterface => ({ id, mac })),
      tags: (tagsOf.get(row.id) ?? []).map(({ name }) => name),
      created: row.created,
      updated: row.updated,
    };
  });
}

/** What of the filter a viewer may see. */
export function seenBy(viewer: ActingUser, filter: NodeFilter): NodeFilter {
  return readsAll(viewer) ? filter : { ...filter, seenBy: viewer.id };
}

export async function findNode(db: Reader, systemId: string): Promise<Node | undefined> {
  const [node] = await listNodes(db, { systemIds: [systemId] });
  return node;
}

/** The node of that system id. Refuses with `not_found`. */
export async function getNode(db: Reader, systemId: string): Promise<Node> {
  const node = await findNode(db, systemId);
  if (node === undefined) throw noSuchNode(systemId);
  return node;
}

/** Administrators and auditors see all nodes, others what nobody owns and their own; no controllers. */
export function maySee(viewer: ActingUser, node: Node): boolean {
  if (readsAll(viewer)) return true;
  return openTypes.includes(node.type) && (node.owner === null || node.owner.id === viewer.id);
}

export function noSuchNode(systemId: string): Refusal {
  return new Refusal("not_found", `There is no node '${systemId}'.`);
}

/** The system ids of the nodes that match, at most so many. */
export async function systemIdsOf(db: Reader, filter: NodeFilter, limit: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("node")
    .select("node.system_id")
    .where(nodeCondition(filter))
    .orderBy("node.id")
    .limit(limit)
    .execute();
  return rows.map(({ system_id }) => system_id);
}

/** The names of those nodes of these system ids that are there today. */
export async function hostnamesOf(db: Reader, systemIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (systemIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("node")
    .select(["system_id", "hostname"])
    .where("system_id", "in", systemIds)
    .execute();
  return new Map(rows.map(({ system_id, hostname }) => [system_id, hostname]));
}

/** How many nodes a user owns: who owns any can't be deleted without an heir. */
export async function ownedNodeCount(db: Reader, userId: number): Promise<number> {
  const { owned } = await db
    .selectFrom("node")
    .select(({ fn }) => fn.countAll<number>().as("owned"))
    .where("owner_id", "=", userId)
    .executeTakeFirstOrThrow();
  return owned;
}
