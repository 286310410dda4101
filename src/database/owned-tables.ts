import type { Tables } from "./tables.ts";

export type TableName = keyof Tables;

/** What the database's own code needs to know of a table. */
export interface TableFacts {
  /** How its rows are told apart: what they are read and copied in the order of. */
  readonly keys: readonly string[];
  /** True where the database draws the first key, and must not draw one twice. */
  readonly isDrawn?: true;
  /**
   * What the role that serves may do: `change` rows, `append` rows that stay as they were written, `replace` rows but delete none,
   * `move` the one row that is there.
   */
  readonly rights: "change" | "append" | "replace" | "move";
  /** True for what is about the log: a copy has it behind the log's head. */
  readonly isBehindLog?: true;
  /** Columns that hold sealed secrets of other systems; the table then has a `uuid`, which they are sealed for. */
  readonly sealed?: readonly string[];
}

/** Tables by name. In the order in which a copy is written: each behind those that it refers to. */
export type OwnedTables = Partial<Readonly<Record<TableName, TableFacts>>>;

/** A table whose rows people or the machine change, with a key that the database draws. */
export const drawn = { keys: ["id"], isDrawn: true, rights: "change" } as const satisfies TableFacts;

/** The log itself, which only `perform` writes, and how far workers have followed it. */
const layerTables: OwnedTables = {
  event: { keys: ["id"], rights: "append" },
  tree_node: { keys: ["level", "position"], rights: "append" },
  row_mac: { keys: ["table_name", "key"], rights: "change" },
  leaf_tile: { keys: ["position"], rights: "append" },
  log_head: { keys: ["one"], rights: "move" },
  worker_cursor: { keys: ["worker"], rights: "change", isBehindLog: true },
};

/** All tables of the program, in the order of a copy: the slices', the log, and what is about the log. */
export function allTables(slices: readonly OwnedTables[]): OwnedTables {
  const all = [...slices, layerTables].flatMap((tables) => Object.entries(tables));
  const isBehind = ([, { isBehindLog }]: (typeof all)[number]): boolean => isBehindLog === true;
  return Object.fromEntries([...all.filter((entry) => !isBehind(entry)), ...all.filter(isBehind)]);
}

/** The names, in that order. */
export function namesOfTables(tables: OwnedTables): readonly TableName[] {
  return Object.keys(tables) as TableName[];
}

/** The facts of a table. Throws for one that nobody owns. */
export function factsOf(tables: OwnedTables, name: TableName): TableFacts {
  const facts = tables[name];
  if (facts === undefined) throw new Error(`no slice owns the table '${name}'`);
  return facts;
}
