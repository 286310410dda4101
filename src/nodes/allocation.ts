import type { Reader } from "../audit/action.ts";
import type { ActingUser } from "../audit/actor.ts";
import { invalidField } from "../refusal.ts";
import { listNodes, seenBy } from "./node-queries.ts";
import type { Node } from "./node.ts";

/** What a machine has to be like to be allocated. */
export interface Constraints {
  readonly systemId?: string;
  readonly hostname?: string;
  /** The domain that was written behind the hostname. */
  readonly domain?: string;
  readonly zone?: string;
  readonly pool?: string;
  readonly architecture?: string;
  readonly tags: readonly string[];
  readonly notTags: readonly string[];
  readonly notZones?: readonly string[];
  readonly notPools?: readonly string[];
  /** All of the request's parameters as MAAS's sentence repeats them where nothing matches: a list in Python. */
  readonly asked?: string;
}

/** The first machine that is ready and will do. Refuses with `invalid` zones, pools and tags that there are none of. */
export async function findAvailable(db: Reader, wanted: Constraints, user: ActingUser): Promise<Node | undefined> {
  const { systemId, hostname, domain, zone, pool, architecture, tags, notTags, notZones = [], notPools = [] } = wanted;
  await refuseUnknown(db, wanted);
  const candidates = await listNodes(
    db,
    seenBy(user, {
      types: ["machine"],
      statuses: ["Ready"],
      ...(systemId !== undefined && { systemIds: [systemId] }),
      ...(hostname !== undefined && { hostnames: [hostname] }),
      ...(domain !== undefined && { domains: [domain] }),
      ...(zone !== undefined && { zones: [zone] }),
      ...(pool !== undefined && { pools: [pool] }),
    }),
  );
  return candidates.find(
    (node) =>
      node.owner === null &&
      !node.isLocked &&
      (architecture === undefined ||
        node.architecture === architecture ||
        node.architecture.startsWith(`${architecture}/`)) &&
      !notZones.includes(node.zone.name) &&
      !notPools.includes(node.pool?.name ?? "") &&
      tags.every((tag) => node.tags.includes(tag)) &&
      !notTags.some((tag) => node.tags.includes(tag)),
  );
}

async function refuseUnknown(db: Reader, wanted: Constraints): Promise<void> {
  const { zone, pool, tags, notTags, notZones = [], notPools = [] } = wanted;
  await refuseUnknownOf(db, "zone", { zone: zone === undefined ? [] : [zone], not_in_zone: notZones });
  await refuseUnknownOf(db, "pool", { pool: pool === undefined ? [] : [pool], not_in_pool: notPools });
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

/** MAAS's sentence where nothing matches: what was asked for, and what that came to. */
export function noneAvailable(wanted: Constraints): string {
  const { systemId, hostname, domain, zone, pool, architecture, tags, notTags, notZones, notPools } = wanted;
  const name = domain === undefined ? hostname : `${hostname}.${domain}`;
  const lists = { not_in_pool: notPools, not_in_zone: notZones, not_tags: notTags, tags };
  const values = Object.entries(lists).map(([field, words = []]) => [field, words.join(",")] as const);
  const single = Object.entries({ arch: architecture, name, pool, system_id: systemId, zone });
  const resolved = [...single, ...values]
    .filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== "")
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([field, value]) => `${field}=${value}`)
    .join(" ");
  if (resolved === "") return "No machine available.";
  return `No available machine matches constraints: ${wanted.asked ?? "[]"} (resolved to "${resolved}")`;
}
