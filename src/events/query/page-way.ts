import { mirroredSource } from "../../verifiable-log/event-source.ts";
import { isOfBlockedLogins } from "../filter/blocked-logins.ts";
import type { Condition } from "../filter/condition.ts";
import {
  isAbout,
  isAboutAny,
  isAddress,
  isEveryLevel,
  isFrom,
  isHosted,
  isNamed,
  isOfPerson,
  type FilterPart,
} from "../filter/event-conditions.ts";
import type { OwnPart, ResolvedFilter, TargetTerm, ValueOfLevel } from "../filter/filter.ts";
import { levelNumbers } from "../filter/level.ts";

/** The way along an index: each branch is one seek, and their ids are merged. */
interface Way {
  readonly branches: readonly Condition[];
  /** What of the filter it decides. */
  readonly decides: ReadonlySet<FilterPart>;
  /** True if two branches may find the same event. */
  readonly overlaps?: boolean;
}

/** Indexes that hold few entries for each value come first. All of them end in the id. */
export function chooseWay(asked: ResolvedFilter): Way {
  const filter = listedAlone(asked);
  const { nodes, userId, realm, own, seenBy, levels, inventory } = filter;
  const perLevel = (conditions: readonly Condition[], ...decides: FilterPart[]): Way => ({
    branches: atLevels(conditions, levels),
    decides: new Set<FilterPart>([...decides, "levels"]),
  });
  // Along what is theirs alone: how far a search came must not tell of events that they don't see.
  if (realm?.userId === "all") return one(isFrom([mirroredSource(realm.realm)]));
  if (realm !== undefined) return perLevel([isOfPerson(realm.realm, realm.userId)]);
  if (own !== undefined) return perLevel(seeksOf(own));
  const rare = wayOfRare(filter, levels);
  if (rare !== undefined) return rare;
  const nodeWay = chooseNodeWay(filter);
  if (nodeWay !== undefined) return perLevel(nodeWay.conditions, ...nodeWay.decides);
  const byName = wayOfHosts(asked) ?? wayOfNames(asked);
  if (byName !== undefined) return byName;
  if (userId !== undefined) return perLevel([(eb) => eb("user_id", "=", userId)], "userId");
  if (isOnly(filter.outcomes, "failure")) return one((eb) => eb("outcome", "=", eb.val("failure")), "outcomes");
  if (filter.sources?.length === 1 && !filter.sources.includes("ironlog"))
    return one(isFrom(filter.sources), "sources");
  if (seenBy !== undefined) return waySeenBy(seenBy, levels);
  if (nodes !== undefined || inventory !== undefined) return perLevel([isAboutAny]);
  const common = wayOfCommon(filter);
  if (common !== undefined) return common;
  return isEveryLevel(levels) ? one(isAny, "levels") : perLevel([isAny]);
}

/** Without the lists that stand for more values than they name, unless those were looked up: they are no way to go. */
function listedAlone(filter: ResolvedFilter): ResolvedFilter {
  const { ips, usernames, types, targets, ...rest } = filter;
  const areIpsListed = filter.ipRanges === undefined || filter.addresses !== undefined;
  const areTargetsListed = targets?.every(({ isBeginning }) => isBeginning !== true) === true;
  return {
    ...rest,
    ...(areIpsListed && ips !== undefined && { ips }),
    ...(filter.usernamePrefixes === undefined && usernames !== undefined && { usernames }),
    ...(filter.typePrefixes === undefined && types !== undefined && { types }),
    ...(areTargetsListed && { targets }),
  };
}

function atLevels(conditions: readonly Condition[], levels: readonly number[]): readonly Condition[] {
  return conditions.flatMap((condition) =>
    levels.map(
      (level): Condition =>
        (eb) =>
          eb.and([condition(eb), eb("level", "=", level)]),
    ),
  );
}

/** Along hostnames and system ids. */
function wayOfHosts({ hosts, foundHosts, levels }: ResolvedFilter): Way | undefined {
  if (hosts === undefined || (hosts.prefixes !== undefined && foundHosts === undefined)) return undefined;
  const branches = [
    ...atLevels([...hosts.hostnames.map(isHosted), ...hosts.systemIds.map(isAbout)], levels),
    ...seeksFor(foundHosts, levels),
  ];
  if (branches.length === 0 || branches.length > branchesMax) return undefined;
  return { branches, decides: new Set<FilterPart>(["hosts", "levels"]), overlaps: true };
}

/** Along the names of those who acted, and the blocked logins where some may list one of them. */
function wayOfNames(filter: ResolvedFilter): Way | undefined {
  const { usernames, usernamePrefixes, foundNames, blockedLogins, levels } = filter;
  if (usernames === undefined && usernamePrefixes === undefined) return undefined;
  if (usernamePrefixes !== undefined && foundNames === undefined) return undefined;
  const branches = [...atLevels((usernames ?? []).map(isNamed), levels), ...seeksFor(foundNames, levels)];
  if (branches.length > branchesMax) return undefined;
  const way = { branches, decides: new Set<FilterPart>(["usernames", "levels"]), overlaps: foundNames !== undefined };
  const all = blockedLogins === undefined ? way : withBlocked(way, "usernames", levels);
  return all.branches.length === 0 ? undefined : all;
}

function seeksFor(found: readonly ValueOfLevel[] = [], levels: readonly number[]): readonly Condition[] {
  return found
    .filter(({ level }) => levels.includes(level))
    .map(
      ({ column, value, level }): Condition =>
        (eb) =>
          eb.and([eb(column, "=", value), eb("level", "=", level)]),
    );
}

/** Where only the id decides. */
const isAny: Condition = (eb) => eb.and([]);

function one(condition: Condition, ...decides: FilterPart[]): Way {
  return { branches: [condition], decides: new Set(decides) };
}

/** One seek for each value; undefined where none is asked for, or too many are. */
function each(
  column: "trace_id" | "session" | "key" | "action" | "type",
  values: readonly string[] | undefined,
  name: FilterPart,
) {
  if (values === undefined || values.length > branchesMax) return undefined;
  const branches = values.map(
    (value): Condition =>
      (eb) =>
        eb(column, "=", value),
  );
  return { branches, decides: new Set<FilterPart>([name]) };
}

/** What few events have in common. */
function wayOfRare(
  { traceIds, sessions, keys, targets, ips, addresses, blockedLogins }: ResolvedFilter,
  levels: readonly number[],
) {
  const rarest =
    each("trace_id", traceIds, "traceIds") ??
    each("session", sessions, "sessions") ??
    wayOfTargets(targets) ??
    each("key", keys, "keys");
  if (rarest !== undefined) return rarest;
  const way = wayOfAddresses(ips, addresses);
  return way !== undefined && blockedLogins !== undefined ? withBlocked(way, "ips", levels) : way;
}

/** One seek for each address. */
function wayOfAddresses(ips: readonly string[] | undefined, addresses: readonly Uint8Array[] | undefined) {
  if (ips === undefined && addresses === undefined) return undefined;
  const branches = [
    ...(ips ?? []).map(isAddress),
    ...(addresses ?? []).map(
      (bytes): Condition =>
        (eb) =>
          eb("ip_bytes", "=", bytes),
    ),
  ];
  if (branches.length > branchesMax) return undefined;
  // An address may also lie in one of the networks.
  return { branches, decides: new Set<FilterPart>(["ips"]), overlaps: true };
}

/** Also along the blocked logins, of which some may match. */
function withBlocked(way: Way, part: FilterPart, levels: readonly number[]): Way {
  const isWanted = levels.includes(levelNumbers.AUDIT);
  return {
    branches: isWanted ? [...way.branches, isOfBlockedLogins] : way.branches,
    decides: new Set([...way.decides].filter((decided) => decided !== part)),
    overlaps: true,
  };
}

/** By name, and by id where the text may be either. */
function wayOfTargets(targets: readonly TargetTerm[] | undefined): Way | undefined {
  if (targets === undefined) return undefined;
  const ids = new Set(targets.flatMap((target) => ("text" in target ? [target.text] : [])));
  const names = new Set(
    targets.flatMap((target) => (target.kind === "either" ? [target.text] : target.kind === "id" ? [] : [target.name])),
  );
  const branches = [
    ...[...names].map(
      (name): Condition =>
        (eb) =>
          eb("target_name", "=", name),
    ),
    ...[...ids].map(
      (id): Condition =>
        (eb) =>
          eb("target_id", "=", id),
    ),
  ];
  if (branches.length > branchesMax) return undefined;
  const isDecided = targets.every(({ kind }) => kind !== "kind-and-name");
  return { branches, decides: new Set<FilterPart>(isDecided ? ["targets"] : []), overlaps: true };
}

/** What many events have in common. */
function wayOfCommon({ actions, actionPrefixes, types }: ResolvedFilter): Way | undefined {
  return (
    (actionPrefixes === undefined ? each("action", actions, "actions") : undefined) ?? each("type", types, "types")
  );
}

function isOnly(values: readonly string[] | undefined, wanted: string): boolean {
  return values !== undefined && values.every((value) => value === wanted);
}

/** One seek for each node, and for each node and user where both are asked for: there are indexes for all of it. */
function chooseNodeWay({ nodes, usernames, userId, levels }: ResolvedFilter) {
  if (nodes === undefined) return undefined;
  const count = nodes.length * levels.length;
  if (userId !== undefined && count <= branchesMax) {
    const conditions = nodes.map(
      (node): Condition =>
        (eb) =>
          eb.and([eb("user_id", "=", userId), isAbout(node)(eb)]),
    );
    return { conditions, decides: ["nodes", "userId"] as const };
  }
  if (usernames !== undefined && count * usernames.length <= branchesMax) {
    const conditions = nodes.flatMap((node) =>
      usernames.map(
        (name): Condition =>
          (eb) =>
            eb.and([isNamed(name)(eb), isAbout(node)(eb)]),
      ),
    );
    return { conditions, decides: ["nodes", "usernames"] as const };
  }
  return count <= branchesMax ? { conditions: nodes.map(isAbout), decides: ["nodes"] as const } : undefined;
}

/** A user's own audit events, and of other levels all that have a node. */
function waySeenBy(own: OwnPart, levels: readonly number[]): Way {
  const branches = levels.flatMap((level) =>
    (level === levelNumbers.AUDIT ? seeksOf(own) : [isAboutAny]).map(
      (condition): Condition =>
        (eb) =>
          eb.and([condition(eb), eb("level", "=", level)]),
    ),
  );
  return { branches, decides: new Set<FilterPart>(["levels"]) };
}

/** What somebody did is found by their ids, here and elsewhere. */
function seeksOf({ userId, linked }: OwnPart): readonly Condition[] {
  return [
    (eb) => eb("user_id", "=", userId),
    ...linked.map(({ realm, realmUserId }) => isOfPerson(realm, realmUserId)),
  ];
}

/** More seeks than that cost more than looking through the levels. */
const branchesMax = 60;
