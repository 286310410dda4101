import type { Expression, ExpressionBuilder, SqlBool } from "kysely";
import type { Database } from "../database/database.ts";
import type { EventTable, Tables } from "../database/tables.ts";
import { isSeenBy, type NodeBuilder, nodeCondition } from "../nodes/node-filter.ts";
import type { BoundedFilter, EventWindow } from "./filter.ts";
import { allLevels, levelNumbers } from "./level.ts";

/** How to find the events of a filter: along one index, and what that index doesn't decide. */
export interface PageQuery {
  /** True if the index decides everything: every entry is a match. */
  readonly isExact: boolean;
  /** The matching rows among the window's first `entries` index entries, at most `limit`, in the window's order. */
  rows<Column extends keyof EventTable>(
    db: Database,
    columns: readonly Column[],
    window: EventWindow,
    entries: number,
    limit: number,
  ): Promise<readonly Pick<EventTable, Column>[]>;
  /** Where the window's first `entries` index entries end. */
  step(
    db: Database,
    window: EventWindow,
    entries: number,
  ): Promise<{ readonly lastId: number; readonly isLast: boolean }>;
}

type Builder = ExpressionBuilder<Tables, "event">;
type Condition = (eb: Builder) => Expression<SqlBool>;

/** The way along an index: each branch is one seek, and their ids are merged. */
interface Way {
  readonly branches: readonly Condition[];
  /** What of the filter it decides. */
  readonly decides: ReadonlySet<keyof BoundedFilter>;
  /** True if two branches may find the same event. */
  readonly overlaps?: boolean;
}

/** Picks the index that leaves the least to look at, and the conditions that remain. */
export function pageQuery(filter: BoundedFilter): PageQuery {
  const way = chooseWay(filter);
  const rest = remaining(filter, way.decides);
  const bounds: Condition[] = [
    ...(filter.idFrom === undefined ? [] : [atLeast(filter.idFrom)]),
    ...(filter.idBelow === undefined ? [] : [below(filter.idBelow)]),
  ];
  const ids = (db: Database, window: EventWindow, entries: number) => {
    const order = window.kind === "after" ? "asc" : "desc";
    const branches = way.branches.map((branch) =>
      db
        .selectFrom("event")
        .select("id")
        .where((eb) => eb.and([branch(eb), ...bounds.map((bound) => bound(eb)), ...inWindow(eb, window)]))
        .orderBy("id", order)
        .limit(entries),
    );
    const [first, ...others] = branches.map((branch) => db.selectFrom(branch.as("branch")).select("branch.id as id"));
    if (first === undefined) throw new Error("a way has at least one branch");
    const merged = others.reduce(
      (union, branch) => (way.overlaps === true ? union.union(branch) : union.unionAll(branch)),
      first,
    );
    return db.selectFrom(merged.as("entry")).select("entry.id as id").orderBy("entry.id", order).limit(entries);
  };
  return {
    isExact: rest.length === 0,
    async rows<Column extends keyof EventTable>(
      db: Database,
      columns: readonly Column[],
      window: EventWindow,
      entries: number,
      limit: number,
    ) {
      const rows: unknown = await db
        .selectFrom("event")
        .select([...columns])
        .where("id", "in", ids(db, window, entries))
        .where((eb) => eb.and(rest.map((condition) => condition(eb))))
        .orderBy("id", window.kind === "after" ? "asc" : "desc")
        .limit(limit)
        .execute();
      // Kysely can't say so of columns that are known to the caller alone.
      return rows as readonly Pick<EventTable, Column>[];
    },
    async step(db, window, entries) {
      const { seen, lowest, highest } = await db
        .selectFrom(ids(db, window, entries).as("step"))
        .select(({ fn }) => [
          fn.countAll<number>().as("seen"),
          fn.min<number | null>("step.id").as("lowest"),
          fn.max<number | null>("step.id").as("highest"),
        ])
        .executeTakeFirstOrThrow();
      const lastId = (window.kind === "after" ? highest : lowest) ?? 0;
      return { lastId, isLast: seen < entries };
    },
  };
}

const atLeast =
  (id: number): Condition =>
  (eb) =>
    eb("id", ">=", id);
const below =
  (id: number): Condition =>
  (eb) =>
    eb("id", "<", id);

function inWindow(eb: Builder, window: EventWindow): readonly Expression<SqlBool>[] {
  switch (window.kind) {
    case "newest":
      return [];
    case "before":
      return [eb("id", "<", window.id)];
    case "after":
      return [eb("id", ">", window.id)];
  }
}

/** Indexes that hold few entries for each value come first. All of them end in the id. */
function chooseWay(filter: BoundedFilter): Way {
  const { traceId, target, ip, nodes, hosts, usernames, userId, seenBy, action, outcome, source, type, levels } =
    filter;
  const one = (condition: Condition, ...decides: (keyof BoundedFilter)[]): Way => ({
    branches: [condition],
    decides: new Set(decides),
  });
  const perLevel = (conditions: readonly Condition[], ...decides: (keyof BoundedFilter)[]): Way => ({
    branches: conditions.flatMap((condition) =>
      levels.map(
        (level): Condition =>
          (eb) =>
            eb.and([condition(eb), eb("level", "=", level)]),
      ),
    ),
    decides: new Set<keyof BoundedFilter>([...decides, "levels"]),
  });
  if (traceId !== undefined) return one((eb) => eb("trace_id", "=", traceId), "traceId");
  if (target !== undefined) return one((eb) => eb("target_name", "=", target), "target");
  if (ip !== undefined) return one((eb) => eb("ip", "=", ip), "ip");
  const nodeWay = chooseNodeWay(filter);
  if (nodeWay !== undefined) return perLevel(nodeWay.conditions, ...nodeWay.decides);
  if (hosts !== undefined && (hosts.hostnames.length + hosts.systemIds.length) * levels.length <= branchesMax) {
    return {
      ...perLevel([...hosts.hostnames.map(isHosted), ...hosts.systemIds.map(isAbout)], "hosts"),
      overlaps: true,
    };
  }
  if (usernames !== undefined && usernames.length * levels.length <= branchesMax) {
    return perLevel(usernames.map(isNamed), "usernames");
  }
  if (userId !== undefined) return perLevel([(eb) => eb("user_id", "=", userId)], "userId");
  if (outcome === "failure") return one((eb) => eb("outcome", "=", eb.val("failure")), "outcome");
  if (source === "external") return one((eb) => eb("source", "=", eb.val("external")), "source");
  if (seenBy !== undefined) return waySeenBy(seenBy, levels);
  if (nodes !== undefined || filter.inventory !== undefined) {
    return perLevel([isAboutAny]);
  }
  if (action !== undefined) return one((eb) => eb("action", "=", action), "action");
  if (type !== undefined) return one((eb) => eb("type", "=", type), "type");
  if (isEveryLevel(levels)) return one((eb) => eb("id", ">", 0), "levels");
  return perLevel([(eb) => eb("id", ">", 0)]);
}

/** One seek for each node, and for each node and user where both are asked for: there are indexes for all of it. */
function chooseNodeWay({ nodes, usernames, userId, levels }: BoundedFilter) {
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
function waySeenBy(userId: number, levels: readonly number[]): Way {
  const branches = levels.map((level): Condition => {
    const isOwn: Condition = level === levelNumbers.AUDIT ? (eb) => eb("user_id", "=", userId) : isAboutAny;
    return (eb) => eb.and([isOwn(eb), eb("level", "=", level)]);
  });
  return { branches, decides: new Set<keyof BoundedFilter>(["levels"]) };
}

/** More seeks than that cost more than looking through the levels. */
const branchesMax = 60;

function isEveryLevel(levels: readonly number[]): boolean {
  return allLevels.every((level) => levels.includes(level));
}

function isAbout(systemId: string): Condition {
  return (eb) => eb("node", "=", systemId);
}

const isAboutAny: Condition = (eb) => eb("node", "is not", null);

function isHosted(hostname: string): Condition {
  return (eb) => eb("hostname", "=", hostname);
}

function isNamed(username: string | null): Condition {
  return (eb) => (username === null ? eb("username", "is", null) : eb("username", "=", username));
}

/** The conditions that the way has not decided, each on the row itself. */
function remaining(filter: BoundedFilter, decides: Way["decides"]): readonly Condition[] {
  const { traceId, target, ip, nodes, hosts, inventory, seenBy, usernames, userId } = filter;
  const { action, outcome, source, type, levels, since, until } = filter;
  const conditions: Partial<Record<keyof BoundedFilter, Condition>> = {
    ...(traceId !== undefined && { traceId: (eb) => eb("trace_id", "=", traceId) }),
    ...(target !== undefined && { target: (eb) => eb("target_name", "=", target) }),
    ...(ip !== undefined && { ip: (eb) => eb("ip", "=", ip) }),
    ...(nodes !== undefined && { nodes: (eb) => eb("node", "in", nodes) }),
    ...(hosts !== undefined && { hosts: isOfHosts(hosts) }),
    ...(inventory !== undefined && { inventory: isAboutNodeThat(nodeCondition(inventory)) }),
    ...(seenBy !== undefined && { seenBy: isVisibleTo(seenBy) }),
    ...(usernames !== undefined && { usernames: (eb) => eb.or(usernames.map((username) => isNamed(username)(eb))) }),
    ...(userId !== undefined && { userId: (eb) => eb("user_id", "=", userId) }),
    ...(action !== undefined && { action: (eb) => eb("action", "=", action) }),
    ...(outcome !== undefined && { outcome: (eb) => eb("outcome", "=", outcome) }),
    ...(source !== undefined && { source: (eb) => eb("source", "=", source) }),
    ...(type !== undefined && { type: (eb) => eb("type", "=", type) }),
    ...(!isEveryLevel(levels) && { levels: (eb) => eb("level", "in", levels) }),
    ...(since !== undefined && { since: (eb) => eb("created", ">=", since) }),
    ...(until !== undefined && { until: (eb) => eb("created", "<", until) }),
  };
  return Object.entries(conditions)
    .filter(([name]) => !decides.has(name as keyof BoundedFilter))
    .map(([, condition]) => condition);
}

function isOfHosts({ hostnames, systemIds }: NonNullable<BoundedFilter["hosts"]>): Condition {
  return (eb) =>
    eb.or([eb("hostname", "in", hostnames), ...(systemIds.length === 0 ? [] : [eb("node", "in", systemIds)])]);
}

/** One seek for each event: a list of all nodes that match might be long. */
function isAboutNodeThat(condition: (eb: NodeBuilder) => Expression<SqlBool>): Condition {
  return (eb) =>
    eb.exists(
      eb
        .selectFrom("node")
        .select("node.id")
        .whereRef("node.system_id", "=", "event.node")
        // Inside, there is a node as well as the event.
        .where((inner) => condition(inner as unknown as NodeBuilder)),
    );
}

function isVisibleTo(userId: number): Condition {
  const isAboutVisibleNode = isAboutNodeThat((eb) => isSeenBy(eb, userId));
  return (eb) =>
    eb.or([
      eb.and([eb("level", "=", levelNumbers.AUDIT), eb("user_id", "=", userId)]),
      eb.and([eb("level", "!=", levelNumbers.AUDIT), isAboutVisibleNode(eb)]),
    ]);
}
