import type { ActingUser } from "../audit/actor.ts";
import type { Database } from "../database/database.ts";
import { seenBy, systemIdsOf } from "../nodes/node-queries.ts";
import type { ResolvedFilter, VisibleFilter } from "./filter.ts";

/** So many nodes are looked for one by one; of more, the events are asked whether their node matches. */
const nodesListedMax = 60;

/**
 * Looks up the nodes that a filter is about, as far as its viewer may see them. Undefined where no event can match.
 *
 * What was recorded with an event needs no lookup, and so is found of deleted nodes as well.
 */
export async function resolveNodes(
  db: Database,
  viewer: ActingUser,
  filter: VisibleFilter,
): Promise<ResolvedFilter | undefined> {
  const { nodes: recorded, hostnames, inventory, ...rest } = filter;
  const listed = await findListed(db, viewer, filter);
  const nodes = listed ?? recorded;
  if (nodes?.length === 0) return undefined;
  const unlisted = inventory !== undefined && listed === undefined ? seenBy(viewer, inventory) : undefined;
  const hosts = hostnames === undefined ? undefined : await findHosts(db, viewer, hostnames);
  // Nodes that bear a wanted name today need no further look.
  const areHostsDecided = nodes?.every((node) => hosts?.systemIds.includes(node)) === true;
  return {
    ...rest,
    ...(nodes !== undefined && { nodes: [...new Set(nodes)] }),
    ...(unlisted !== undefined && { inventory: unlisted }),
    ...(hosts !== undefined && !areHostsDecided && { hosts }),
  };
}

/** The nodes of the inventory that match, if they are few enough to be listed. */
async function findListed(
  db: Database,
  viewer: ActingUser,
  { nodes, inventory }: VisibleFilter,
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
