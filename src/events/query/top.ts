import type { Viewer } from "../../audit/actor.ts";
import type { Database } from "../../database/database.ts";
import type { EventTable } from "../../database/tables.ts";
import { type SearchedFilter, visitMatches } from "./matches.ts";

type Column = Exclude<keyof EventTable, "id" | "created">;

interface Grouping {
  readonly columns: readonly Column[];
  /** The value by which the filter of that name finds these events; null where there is none. */
  valueOf(event: Pick<EventTable, Column>): string | null;
}

const byColumn = (
  column: "username" | "ip" | "action" | "type" | "outcome" | "source" | "session" | "key",
): Grouping => ({
  columns: [column],
  valueOf: (event) => event[column],
});

/** What events can be counted by. */
export const topGroupings = {
  user: byColumn("username"),
  ip: byColumn("ip"),
  action: byColumn("action"),
  target: {
    columns: ["target_kind", "target_name", "target_id"],
    valueOf: ({ target_kind: kind, target_name: name, target_id: id }) =>
      name === null || kind === null ? (name ?? id) : `${kind}/${name}`,
  },
  type: byColumn("type"),
  node: { columns: ["node", "hostname"], valueOf: ({ node, hostname }) => hostname ?? node },
  outcome: byColumn("outcome"),
  source: byColumn("source"),
  session: byColumn("session"),
  key: byColumn("key"),
} as const satisfies Readonly<Record<string, Grouping>>;

export type GroupingName = keyof typeof topGroupings;

export interface Top {
  /** The most frequent first; of two that are as frequent the one that was seen later. */
  readonly items: readonly { readonly value: string | null; readonly count: number; readonly failures: number }[];
  /** How many different values there were. */
  readonly values: number;
  /** How many events were counted, those with values that aren't among the items included. */
  readonly counted: number;
  /** What was recorded before this time (microseconds) wasn't counted; undefined where all was. */
  readonly countedSince: number | undefined;
}

/** Which values the newest matches have most often, as far as the viewer may see them and as `visitMatches` goes. */
export async function countTop(
  db: Database,
  viewer: Viewer,
  wanted: SearchedFilter,
  by: GroupingName,
  limit: number,
): Promise<Top> {
  const { columns, valueOf }: Grouping = topGroupings[by];
  const groups = new Map<string | null, { count: number; failures: number }>();
  const read = { ...wanted, columns: [...new Set<Column>([...columns, "outcome"])] };
  const { count, countedSince } = await visitMatches<Column>(db, viewer, read, (event) => {
    const value = valueOf(event);
    const group = groups.get(value) ?? { count: 0, failures: 0 };
    groups.set(value, group);
    group.count += 1;
    if (event.outcome === "failure") group.failures += 1;
  });
  // A map keeps the order in which values came, and sorting keeps it too.
  const items = [...groups].toSorted(([, one], [, other]) => other.count - one.count).slice(0, limit);
  return {
    items: items.map(([value, group]) => ({ value, ...group })),
    values: groups.size,
    counted: count,
    countedSince,
  };
}
