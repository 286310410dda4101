import type { Database } from "../../database/database.ts";
import type { EventTable } from "../../database/tables.ts";
import { nodeCondition } from "../../nodes/inventory/node-filter.ts";
import type { ResolvedFilter, EventWindow } from "./filter.ts";
import { idBounds, pageQuery } from "../query/page-query.ts";

/** Seeks that one query merges. */
const branchesMax = 60;

const decided: ReadonlySet<string> = new Set(["levels", "nodes", "inventory", "idFrom", "idBelow"]);

/** True if nothing but an event's node, level and id decides whether it matches. */
export function isAboutNodesAlone(filter: ResolvedFilter): boolean {
  const { nodes, inventory } = filter;
  return (nodes !== undefined || inventory !== undefined) && Object.keys(filter).every((name) => decided.has(name));
}

/**
 * The page of a filter about many nodes of which little is recorded: costs a seek for each node, however long the log is.
 *
 * Each node's nearest event is looked up first. A page of `limit` events is among those of the `limit` nodes that come
 * first by it, and none of them lies behind the last of these.
 */
export async function pageOfManyNodes<Column extends keyof EventTable>(
  db: Database,
  filter: ResolvedFilter,
  request: { readonly columns: readonly Column[]; readonly window: EventWindow; readonly limit: number },
): Promise<readonly Pick<EventTable, Column>[]> {
  const { columns, window, limit } = request;
  const isForward = window.kind === "after";
  const nearest = await findNearest(db, filter, window, limit);
  const { inventory: _, ...listed } = withEdge(
    filter,
    isForward,
    nearest.length < limit ? undefined : nearest.at(-1)?.id,
  );
  const rows: Pick<EventTable, Column>[] = [];
  const nodesAtOnce = Math.floor(branchesMax / filter.levels.length);
  for (let start = 0; start < nearest.length; start += nodesAtOnce) {
    const nodes = nearest.slice(start, start + nodesAtOnce).map(({ node }) => node);
    rows.push(...(await pageQuery({ ...listed, nodes }).rows(db, columns, window, limit, limit)));
  }
  // The id is always among the columns.
  const idOf = (row: object): number => (row as { readonly id: number }).id;
  return rows.toSorted((a, b) => (isForward ? idOf(a) - idOf(b) : idOf(b) - idOf(a))).slice(0, limit);
}

interface Nearest {
  readonly node: string;
  /** Undefined where it was not looked up. */
  readonly id?: number;
}

async function findNearest(
  db: Database,
  filter: ResolvedFilter,
  window: EventWindow,
  limit: number,
): Promise<readonly Nearest[]> {
  const { nodes, inventory } = filter;
  // Nodes that were listed by their ids may be deleted: nothing is known of them but what was recorded.
  if (inventory === undefined) return (nodes ?? []).map((node) => ({ node }));
  const found = new Map<string, number>();
  for (const level of filter.levels) {
    for (const { node, id } of await nearestOfLevel(db, filter, level, window, limit)) {
      const other = found.get(node) ?? id;
      found.set(node, window.kind === "after" ? Math.min(other, id) : Math.max(other, id));
    }
  }
  const all = [...found].map(([node, id]) => ({ node, id }));
  return all.toSorted((a, b) => (window.kind === "after" ? a.id - b.id : b.id - a.id)).slice(0, limit);
}

async function nearestOfLevel(
  db: Database,
  filter: ResolvedFilter,
  level: number,
  window: EventWindow,
  limit: number,
): Promise<readonly { readonly node: string; readonly id: number }[]> {
  const { inventory = {}, nodes } = filter;
  const { above, below } = idBounds(filter, window);
  const wanted = nodes === undefined ? inventory : { ...inventory, systemIds: nodes };
  const nearest = db
    .selectFrom("node")
    .where(nodeCondition(wanted))
    .select((eb) => [
      "node.system_id as node",
      eb
        .selectFrom("event")
        .select(({ fn }) =>
          window.kind === "after" ? fn.min<number>("event.id").as("id") : fn.max<number>("event.id").as("id"),
        )
        .whereRef("event.node", "=", "node.system_id")
        .where("event.level", "=", level)
        .$if(above !== undefined, (query) => query.where("event.id", ">", above ?? 0))
        .$if(below !== undefined, (query) => query.where("event.id", "<", below ?? 0))
        .as("id"),
    ]);
  const rows = await db
    .selectFrom(nearest.as("nearest"))
    .select(["nearest.node", "nearest.id"])
    .where("nearest.id", "is not", null)
    .orderBy("nearest.id", window.kind === "after" ? "asc" : "desc")
    .limit(limit)
    .execute();
  return rows.map(({ node, id }) => ({ node, id: id ?? 0 }));
}

/** What lies behind the edge is on a later page. */
function withEdge(filter: ResolvedFilter, isForward: boolean, edge: number | undefined): ResolvedFilter {
  if (edge === undefined) return filter;
  return isForward
    ? { ...filter, idBelow: Math.min(filter.idBelow ?? Infinity, edge + 1) }
    : { ...filter, idFrom: Math.max(filter.idFrom ?? 0, edge) };
}
