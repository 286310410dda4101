import { accounts } from "./accounts/slice.ts";
import { backup } from "./backup/slice.ts";
import { events } from "./events/slice.ts";
import { keys } from "./keys/slice.ts";
import { nodes } from "./nodes/slice.ts";
import { scripts } from "./scripts/slice.ts";
import { settings } from "./settings/slice.ts";
import { tokens } from "./tokens/slice.ts";
import { transparency } from "./transparency/slice.ts";
import type { Slice } from "./slice.ts";
import type { OwnedTables } from "./database/owned-tables.ts";

/** Everything that the product does, slice by slice: the explicit list. */
export const slices: readonly Slice[] = [
  accounts,
  tokens,
  keys,
  settings,
  nodes,
  scripts,
  events,
  transparency,
  backup,
];

/** The tables of all slices and of the layers, in the order of a copy. */
export async function tablesOfAll(): Promise<OwnedTables> {
  const { allTables } = await import("./database/owned-tables.ts");
  return allTables(await Promise.all(slices.map(async ({ tables }) => (await tables?.()) ?? {})));
}
