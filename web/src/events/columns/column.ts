import type { View } from "../views/view.ts";

/** What a list can show of an event, by the names of the API. */
export type Column = NonNullable<View["columns"]>[number];

interface ColumnFacts {
  readonly title: string;
  /** What it needs at least, in rem. */
  readonly min: number;
  /** With so much nothing usual of it is cut off. */
  readonly wants: number;
}

/** In the order in which they stand by themselves. */
export const columnFacts: Readonly<Record<Column, ColumnFacts>> = {
  time: { title: "Time", min: 11.5, wants: 11.5 },
  level: { title: "Level", min: 5, wants: 5.5 },
  user: { title: "User", min: 6, wants: 8 },
  type: { title: "Type", min: 6.5, wants: 8 },
  action: { title: "Action", min: 8.5, wants: 11 },
  description: { title: "Description", min: 18, wants: 30 },
  target: { title: "Target", min: 8, wants: 11 },
  node: { title: "Node", min: 6.5, wants: 8 },
  ip: { title: "Address", min: 9, wants: 10 },
  outcome: { title: "Outcome", min: 5, wants: 5 },
  source: { title: "Source", min: 5.5, wants: 8 },
  reported_by: { title: "Reported by", min: 6, wants: 8 },
  session: { title: "Session", min: 7, wants: 10 },
  key: { title: "API key", min: 7, wants: 10 },
};

/** All of them. */
export const columnNames = Object.keys(columnFacts) as readonly Column[];

/** What a list shows where nobody has chosen. */
export const usualColumns: readonly Column[] = [
  "time",
  "user",
  "type",
  "action",
  "description",
  "target",
  "node",
  "ip",
];

/** Where there is no room, the first of them go first. The description stays. */
export const leftOutFirst: readonly Column[] = [
  "key",
  "session",
  "reported_by",
  "source",
  "outcome",
  "level",
  "type",
  "node",
  "action",
  "target",
  "ip",
  "user",
  "time",
];

/** Adds one where it belongs among the others, or takes it away. */
export function toggled(columns: readonly Column[], name: Column): readonly Column[] {
  if (columns.includes(name)) return columns.filter((one) => one !== name);
  const place = (one: Column): number => columnNames.indexOf(one);
  const at = columns.findIndex((one) => place(one) > place(name));
  return at === -1 ? [...columns, name] : columns.toSpliced(at, 0, name);
}

/** Reads what a browser has kept; null where that is nothing. */
export function parseColumns(text: string | null): readonly Column[] | null {
  const names = (text ?? "").split(",");
  const known = [...new Set(names)].flatMap((name) => columnNames.find((one) => one === name) ?? []);
  return known.length === 0 ? null : known;
}
