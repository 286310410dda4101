import type { Database } from "../../database/database.ts";
import type { EventTable } from "../../database/tables.ts";
import type { Condition, EventBuilder } from "../filter/condition.ts";
import { conditionsOf } from "../filter/event-conditions.ts";
import type { EventWindow, ResolvedFilter } from "../filter/filter.ts";
import { chooseWay } from "./page-way.ts";

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

/** Picks the index that leaves the least to look at, and the conditions that remain. */
export function pageQuery(filter: ResolvedFilter): PageQuery {
  const way = chooseWay(filter);
  const rest = [...conditionsOf(filter)].filter(([name]) => !way.decides.has(name)).map(([, condition]) => condition);
  const ids = (db: Database, window: EventWindow, entries: number) => {
    const order = window.kind === "after" ? "asc" : "desc";
    const branches = way.branches.map((branch) =>
      db
        .selectFrom("event")
        .select("id")
        .where((eb) => eb.and([branch(eb), ...isBetween(eb, filter, window)]))
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

/**
 * Between which ids the events lie, the window and the filter in one: of two lower bounds SQLite takes the first one to seek
 * with, and looks at all that lies between it and the other.
 */
export function idBounds(
  { idFrom = -Infinity, idBelow = Infinity }: ResolvedFilter,
  window: EventWindow,
): { readonly above: number | undefined; readonly below: number | undefined } {
  const above = Math.max(idFrom - 1, window.kind === "after" ? window.id : -Infinity);
  const below = Math.min(idBelow, window.kind === "before" ? window.id : Infinity);
  return { above: above === -Infinity ? undefined : above, below: below === Infinity ? undefined : below };
}

function isBetween(eb: EventBuilder, filter: ResolvedFilter, window: EventWindow): readonly ReturnType<Condition>[] {
  const { above, below } = idBounds(filter, window);
  return [
    ...(above === undefined ? [] : [eb("id", ">", above)]),
    ...(below === undefined ? [] : [eb("id", "<", below)]),
  ];
}
