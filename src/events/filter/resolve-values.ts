import { readsAll, type Viewer } from "../../audit/actor.ts";
import type { Database } from "../../database/database.ts";
import { findBlockedLoginTexts } from "./blocked-logins.ts";
import type { EventTerms, ResolvedFilter, TargetTerm } from "./filter.ts";
import { levelNumbers } from "./level.ts";
import { findAddresses, findBeginning, findOfLevels } from "./values/recorded-values.ts";

/** So many values are looked for one by one; of more, each event is asked whether it matches. */
const valuesMax = 60;

/** True of a filter that stands for values which only the log knows. */
export function hasOpenValues({
  usernamePrefixes,
  typePrefixes,
  nodePrefixes,
  ipRanges,
  targets,
}: EventTerms): boolean {
  return (
    [usernamePrefixes, typePrefixes, nodePrefixes, ipRanges].some((list) => list !== undefined) || hasBeginning(targets)
  );
}

/**
 * Looks up which values in the log a filter's beginnings and networks stand for, by one seek each. Undefined where no event can match.
 *
 * Only for who reads everything: how many values there are takes time, which would tell others.
 */
export async function resolveValues(
  db: Database,
  viewer: Viewer,
  filter: ResolvedFilter,
): Promise<ResolvedFilter | undefined> {
  const blockedLogins = await findBlockedLoginTexts(db, filter);
  const asked = { ...filter, ...(blockedLogins !== undefined && { blockedLogins }) };
  if ("realm" in viewer || !readsAll(viewer)) return asked;
  let found: ResolvedFilter | undefined = asked;
  for (const resolve of [resolveAddresses, resolveUsernames, resolveTypes, resolveHosts, resolveTargets]) {
    found = await resolve(db, found);
    if (found === undefined) return undefined;
  }
  return found;
}

type Resolve = (db: Database, filter: ResolvedFilter) => Promise<ResolvedFilter | undefined>;

const resolveAddresses: Resolve = async (db, filter) => {
  const { ipRanges, ips = [] } = filter;
  if (ipRanges === undefined) return filter;
  const addresses = await findAddresses(db, ipRanges, valuesMax - ips.length);
  if (addresses === undefined) return filter;
  return addresses.length + ips.length > 0 || hasBlockedLogins(filter) ? { ...filter, addresses } : undefined;
};

const resolveUsernames: Resolve = async (db, filter) => {
  const { usernamePrefixes, usernames = [], levels } = filter;
  if (usernamePrefixes === undefined) return filter;
  const foundNames = await findOfLevels(db, "username", usernamePrefixes, valuesMax - usernames.length * levels.length);
  if (foundNames === undefined) return filter;
  return foundNames.length + usernames.length > 0 || hasBlockedLogins(filter) ? { ...filter, foundNames } : undefined;
};

const resolveTypes: Resolve = async (db, { typePrefixes, types = [], ...rest }) => {
  if (typePrefixes === undefined) return types.length === 0 ? rest : { ...rest, types };
  const found = await findBeginning(db, "type", typePrefixes, valuesMax - types.length);
  if (found === undefined) return { ...rest, typePrefixes, ...(types.length > 0 && { types }) };
  const all = [...new Set([...types, ...found])];
  return all.length === 0 ? undefined : { ...rest, types: all };
};

const resolveHosts: Resolve = async (db, filter) => {
  const { hosts, levels } = filter;
  if (hosts?.prefixes === undefined) return filter;
  const listed = hosts.hostnames.length + hosts.systemIds.length;
  const max = valuesMax - listed * levels.length;
  const hostnames = await findOfLevels(db, "hostname", hosts.prefixes, max);
  if (hostnames === undefined) return filter;
  const systemIds = await findOfLevels(db, "node", hosts.prefixes, max - hostnames.length);
  if (systemIds === undefined) return filter;
  const foundHosts = [...hostnames, ...systemIds];
  return foundHosts.length + listed === 0 ? undefined : { ...filter, foundHosts };
};

const resolveTargets: Resolve = async (db, filter) => {
  const { targets } = filter;
  if (targets === undefined || !hasBeginning(targets)) return filter;
  const all: TargetTerm[] = targets.filter(({ isBeginning }) => isBeginning !== true);
  for (const target of targets.filter(({ isBeginning }) => isBeginning === true)) {
    const found = await findTargets(db, target, valuesMax - all.length);
    if (found === undefined) return filter;
    all.push(...found);
  }
  return all.length === 0 ? undefined : { ...filter, targets: all };
};

/** The targets in the log that begin so; undefined if they are more than that. */
async function findTargets(db: Database, target: TargetTerm, max: number): Promise<readonly TargetTerm[] | undefined> {
  const beginning = target.kind === "either" || target.kind === "id" ? target.text : target.name;
  const names = target.kind === "id" ? [] : await findBeginning(db, "target_name", [beginning], max);
  if (names === undefined) return undefined;
  const areIdsAsked = target.kind === "either" || target.kind === "id";
  const ids = areIdsAsked ? await findBeginning(db, "target_id", [beginning], max - names.length) : [];
  if (ids === undefined) return undefined;
  return [
    ...names.map((name): TargetTerm =>
      target.kind === "kind-and-name"
        ? { kind: target.kind, targetKind: target.targetKind, name }
        : { kind: "name", name },
    ),
    ...ids.map((text): TargetTerm => ({ kind: "id", text })),
  ];
}

function hasBeginning(targets: readonly TargetTerm[] | undefined): boolean {
  return targets?.some(({ isBeginning }) => isBeginning === true) === true;
}

function hasBlockedLogins({ blockedLogins, levels }: ResolvedFilter): boolean {
  return blockedLogins !== undefined && levels.includes(levelNumbers.AUDIT);
}
