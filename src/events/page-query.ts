import type { Expression, ExpressionBuilder, SqlBool } from "kysely";
import type { Database } from "../database/database.ts";
import type { EventTable, Tables } from "../database/tables.ts";
import type { BoundedFilter, EventWindow } from "./filter.ts";
import { allLevels } from "./level.ts";

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
    const merged = others.reduce((union, branch) => union.unionAll(branch), first);
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
  const { traceId, target, ip, node, usernames, userId, action, outcome, source, type, levels } = filter;
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
  if (node !== undefined) return one((eb) => eb("node", "=", node), "node");
  if (usernames !== undefined && usernames.length * levels.length <= branchesMax) {
    return perLevel(usernames.map(isNamed), "usernames");
  }
  if (userId !== undefined) return perLevel([(eb) => eb("user_id", "=", userId)], "userId");
  if (outcome === "failure") return one((eb) => eb("outcome", "=", eb.val("failure")), "outcome");
  if (source === "external") return one((eb) => eb("source", "=", eb.val("external")), "source");
  if (action !== undefined) return one((eb) => eb("action", "=", action), "action");
  if (type !== undefined) return one((eb) => eb("type", "=", type), "type");
  if (isEveryLevel(levels)) return one((eb) => eb("id", ">", 0), "levels");
  return perLevel([(eb) => eb("id", ">", 0)]);
}

/** More seeks than that cost more than looking through the levels. */
const branchesMax = 60;

function isEveryLevel(levels: readonly number[]): boolean {
  return allLevels.every((level) => levels.includes(level));
}

function isNamed(username: string | null): Condition {
  return (eb) => (username === null ? eb("username", "is", null) : eb("username", "=", username));
}

/** The conditions that the way has not decided, each on the row itself. */
function remaining(filter: BoundedFilter, decides: Way["decides"]): readonly Condition[] {
  const { traceId, target, ip, node, usernames, userId, action, outcome, source, type, levels, since, until } = filter;
  const conditions: Partial<Record<keyof BoundedFilter, Condition>> = {
    ...(traceId !== undefined && { traceId: (eb) => eb("trace_id", "=", traceId) }),
    ...(target !== undefined && { target: (eb) => eb("target_name", "=", target) }),
    ...(ip !== undefined && { ip: (eb) => eb("ip", "=", ip) }),
    ...(node !== undefined && { node: (eb) => eb("node", "=", node) }),
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
