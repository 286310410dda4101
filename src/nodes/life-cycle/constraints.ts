import type { Reader } from "../../audit/action.ts";
import { invalidField } from "../../refusal.ts";
import type { NodeFilter } from "../inventory/node-filter.ts";
import { listNodes } from "../inventory/node-queries.ts";
import type { Node } from "../inventory/node.ts";

/** What a node has to be like to be allocated, or to be in a list. */
export interface Constraints {
  readonly systemId?: string;
  readonly hostname?: string;
  /** The domain that was written behind the hostname. */
  readonly domain?: string;
  /** It is in any of these; so with the pools, and with the owners. */
  readonly zones?: readonly string[];
  readonly pools?: readonly string[];
  readonly owners?: readonly string[];
  readonly architecture?: string;
  /** At least so many, where it is known how many a node has; so with the memory. */
  readonly cpuCount?: number;
  readonly memoryMib?: number;
  /** It bears all of these. */
  readonly tags: readonly string[];
  readonly notTags: readonly string[];
  readonly notZones?: readonly string[];
  readonly notPools?: readonly string[];
  /** What can't be judged, as it was given. */
  readonly unjudged?: Readonly<Record<string, string>>;
  /** All of the request's parameters as MAAS's sentence repeats them where nothing matches: a list in Python. */
  readonly asked?: string;
}

/** The nodes of the filter that match, oldest first. Refuses with `invalid` zones, pools and tags that there are none of. */
export async function findMatching(db: Reader, wanted: Constraints, filter: NodeFilter): Promise<readonly Node[]> {
  await refuseUnknown(db, wanted);
  const { systemId, hostname, domain, zones = [], pools = [] } = wanted;
  const narrowed: NodeFilter = {
    ...(systemId !== undefined && { systemIds: [systemId] }),
    ...(hostname !== undefined && { hostnames: [hostname] }),
    ...(domain !== undefined && { domains: [domain] }),
    ...(zones.length > 0 && { zones }),
    ...(pools.length > 0 && { pools }),
    ...filter,
  };
  return (await listNodes(db, narrowed)).filter((node) => isMatch(node, wanted));
}

/** Nothing here finds out what a machine has: one whose size nobody has set can't be judged, and isn't left out. */
function isEnough(has: number, wanted: number | undefined): boolean {
  return wanted === undefined || has === 0 || has >= wanted;
}

function isMatch(node: Node, wanted: Constraints): boolean {
  const { systemId, hostname, domain, architecture, cpuCount, memoryMib } = wanted;
  const { zones = [], pools = [], owners = [], tags, notTags, notZones = [], notPools = [] } = wanted;
  const isAnyOf = (names: readonly string[], name: string): boolean => names.length === 0 || names.includes(name);
  const pool = node.pool?.name ?? "";
  return (
    (systemId === undefined || node.systemId === systemId) &&
    (hostname === undefined || node.hostname === hostname) &&
    (domain === undefined || node.domain.name === domain) &&
    isAnyOf(zones, node.zone.name) &&
    isAnyOf(pools, pool) &&
    isAnyOf(owners, node.owner?.username ?? "") &&
    (architecture === undefined || node.architecture === architecture || hasPart(node.architecture, architecture)) &&
    isEnough(node.details.cpuCount, cpuCount) &&
    isEnough(node.details.memoryMib, memoryMib) &&
    tags.every((tag) => node.tags.includes(tag)) &&
    !notTags.some((tag) => node.tags.includes(tag)) &&
    !notZones.includes(node.zone.name) &&
    !notPools.includes(pool)
  );
}

/** `amd64/generic` for `amd64`. */
function hasPart(architecture: string, part: string): boolean {
  return architecture.startsWith(`${part}/`);
}

async function refuseUnknown(db: Reader, wanted: Constraints): Promise<void> {
  const { zones = [], pools = [], tags, notTags, notZones = [], notPools = [] } = wanted;
  await refuseUnknownOf(db, "zone", { zone: zones, not_in_zone: notZones });
  await refuseUnknownOf(db, "pool", { pool: pools, not_in_pool: notPools });
  await refuseUnknownOf(db, "tag", { tags, not_tags: notTags });
}

async function refuseUnknownOf(
  db: Reader,
  table: "zone" | "pool" | "tag",
  given: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  const names = Object.values(given).flat();
  if (names.length === 0) return;
  // The three tables have a name each.
  const rows = await db
    .selectFrom(table as "zone")
    .select("name")
    .where("name", "in", names)
    .execute();
  const known = new Set(rows.map(({ name }) => name));
  for (const [field, wanted] of Object.entries(given)) {
    const unknown = wanted.filter((name) => !known.has(name)).map((name) => `'${name}'`);
    if (unknown.length === 0) continue;
    throw invalidField(field, `No such ${table === "tag" ? "tag(s)" : table}: ${unknown.join(", ")}.`);
  }
}

/** The constraints as MAAS's sentence sums them up: `mem=512.0 zone=east`. Empty where there are none. */
export function describeConstraints(wanted: Constraints): string {
  const { systemId, hostname, domain, zones, pools, architecture, tags, notTags, notZones, notPools } = wanted;
  const lists = { not_in_pool: notPools, not_in_zone: notZones, not_tags: notTags, pool: pools, tags, zone: zones };
  const given: Readonly<Record<string, string | undefined>> = {
    ...wanted.unjudged,
    ...Object.fromEntries(Object.entries(lists).map(([field, words = []]) => [field, words.join(",")])),
    arch: architecture,
    cpu_count: pythonFloat(wanted.cpuCount),
    mem: pythonFloat(wanted.memoryMib),
    name: domain === undefined ? hostname : `${hostname}.${domain}`,
    system_id: systemId,
  };
  return Object.entries(given)
    .filter(([, value]) => value !== undefined && value !== "")
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([field, value]) => `${field}=${value}`)
    .join(" ");
}

function pythonFloat(value: number | undefined): string | undefined {
  return Number.isInteger(value) ? `${value}.0` : value?.toString();
}
