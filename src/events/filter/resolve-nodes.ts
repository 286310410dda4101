import type { ActingUser, Viewer } from "../../audit/actor.ts";
import type { Database } from "../../database/database.ts";
import type { NodeFilter } from "../../nodes/inventory/node-filter.ts";
import { seenBy, systemIdsOf } from "../../nodes/inventory/node-queries.ts";
import type { EventTerms, ResolvedFilter, VisibleFilter } from "./filter.ts";

/** So many nodes are looked for one by one; of more, the events are asked whether their node matches. */
const nodesListedMax = 60;

/**
 * Looks up the nodes that a filter is about, as far as its viewer may see them. Undefined where no event can match.
 *
 * What was recorded with an event needs no lookup, and so is found of deleted nodes as well.
 */
export async function resolveNodes(
  db: Database,
  viewer: Viewer,
  filter: VisibleFilter,
): Promise<ResolvedFilter | undefined> {
  if ("realm" in viewer) return resolveAsRecorded(filter);
  const named = await resolveNames(db, filter);
  const {
    nodes: recorded,
    hostnames,
    inventory,
    nodeNames: _,
    nodePrefixes: _prefixes,
    exclude,
    ...rest
  } = {
    ...filter,
    ...named,
  };
  const listed = await findListed(db, viewer, { inventory, nodes: recorded });
  const nodes = listed ?? recorded;
  if (nodes?.length === 0) return undefined;
  const unlisted = inventory !== undefined && listed === undefined ? seenBy(viewer, inventory) : undefined;
  const hosts = hostnames === undefined ? named.hosts : await findHosts(db, viewer, hostnames);
  // Nodes that bear a wanted name today need no further look.
  const areHostsDecided = nodes?.every((node) => hosts?.systemIds.includes(node)) === true;
  return {
    ...rest,
    ...(nodes !== undefined && { nodes: [...new Set(nodes)] }),
    ...(unlisted !== undefined && { inventory: unlisted }),
    ...(hosts !== undefined && !areHostsDecided && { hosts }),
    ...(exclude !== undefined && { exclude: asSeenBy(viewer, exclude) }),
  };
}

/** For those to whom the inventory here isn't open: nodes are what was recorded of them. */
function resolveAsRecorded({ inventory, hostnames, nodeNames, nodePrefixes, exclude, ...rest }: VisibleFilter) {
  if (inventory !== undefined) return undefined;
  const names = hostnames ?? nodeNames;
  const { inventory: _, ...excluded } = exclude ?? {};
  const hosts = { hostnames: names ?? [], systemIds: nodeNames ?? [], ...(nodePrefixes && { prefixes: nodePrefixes }) };
  return {
    ...rest,
    ...((names !== undefined || nodePrefixes !== undefined) && { hosts }),
    ...(exclude !== undefined && { exclude: excluded }),
  };
}

/** An exclusion by the inventory tells nothing of nodes that its viewer may not see. */
function asSeenBy(viewer: ActingUser, { inventory, ...terms }: EventTerms): EventTerms {
  return inventory === undefined ? terms : { ...terms, inventory: seenBy(viewer, inventory) };
}

/** Names that no event has as its hostname are system ids, for which there are more indexes. */
async function resolveNames(
  db: Database,
  { nodeNames, nodePrefixes, nodes }: VisibleFilter,
): Promise<Pick<ResolvedFilter, "nodes" | "hosts">> {
  if (nodePrefixes !== undefined) {
    return { hosts: { hostnames: nodeNames ?? [], systemIds: nodeNames ?? [], prefixes: nodePrefixes } };
  }
  if (nodeNames === undefined) return {};
  const hosted = db.selectFrom("event").select("id").where("hostname", "in", nodeNames).limit(1);
  const isHostname = (await hosted.executeTakeFirst()) !== undefined;
  if (isHostname || nodes !== undefined) return { hosts: { hostnames: nodeNames, systemIds: nodeNames } };
  return { nodes: nodeNames };
}

/** The nodes of the inventory that match, if they are few enough to be listed. */
async function findListed(
  db: Database,
  viewer: ActingUser,
  { nodes, inventory }: { readonly nodes: readonly string[] | undefined; readonly inventory: NodeFilter | undefined },
): Promise<readonly string[] | undefined> {
  if (inventory === undefined) return undefined;
  const wanted = { ...seenBy(viewer, inventory), ...(nodes !== undefined && { systemIds: nodes }) };
  const found = await systemIdsOf(db, wanted, nodesListedMax + 1);
  return found.length <= nodesListedMax ? found : undefined;
}

async function findHosts(db: Database, viewer: ActingUser, hostnames: readonly string[]) {
  const systemIds = await systemIdsOf(db, seenBy(viewer, { hostnames }), hostnames.length);
  return { hostnames, systemIds };
}
