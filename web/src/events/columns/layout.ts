import { type Column, columnFacts, leftOutFirst } from "./column.ts";

/** The columns for which there is room, and how they share it. */
export interface Layout {
  readonly columns: readonly Column[];
  /** What stands behind `grid-template-columns`, with the outcome's sign before them and the proof's behind. */
  readonly template: string;
}

const [signRem, proofRem, gapRem, paddingRem] = [1.25, 1.5, 1, 3];

/** Of a row of two lines, which has places of its own: what tells rows apart. */
const narrowColumns: readonly Column[] = ["user", "time", "description"];

/** Divides a list's width: what there is no room for goes, then the description has what it wants, then the others. */
export function layoutOf(wanted: readonly Column[], widthRem: number): Layout {
  const room = widthRem - paddingRem - signRem - proofRem - gapRem;
  let columns = wanted;
  for (const name of leftOutFirst) {
    if (columns.length <= 1 || sum(columns, (one) => columnFacts[one].min + gapRem) <= room) break;
    columns = columns.filter((one) => one !== name);
  }
  let left = Math.max(0, room - sum(columns, (one) => columnFacts[one].min + gapRem));
  const widths = new Map(columns.map((one) => [one, columnFacts[one].min]));
  for (const one of columns.toSorted((a, b) => Number(b === "description") - Number(a === "description"))) {
    const more = Math.min(left, columnFacts[one].wants - columnFacts[one].min);
    widths.set(one, columnFacts[one].min + more);
    left -= more;
  }
  // What is still left is the description's, or the last one's.
  const last = columns.includes("description") ? "description" : columns.at(-1);
  const tracks = columns.map((one) => (one === last ? "minmax(0, 1fr)" : `${widths.get(one)}rem`));
  return { columns, template: [`${signRem}rem`, ...tracks, `${proofRem}rem`].join(" ") };
}

/** The same for a list that is so narrow that each row has two lines. */
export function narrowLayoutOf(wanted: readonly Column[]): Layout {
  const columns = narrowColumns.filter((name) => wanted.includes(name) || name === "description");
  return { columns, template: `${signRem}rem minmax(0, 1fr) auto ${signRem}rem` };
}

function sum(columns: readonly Column[], of: (column: Column) => number): number {
  return columns.reduce((all, one) => all + of(one), 0);
}
