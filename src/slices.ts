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

/** Everything that the product does, slice by slice: the explicit list. */
export const slices: readonly Slice[] = [
  accounts,
  tokens,
  keys,
  settings,
  scripts,
  nodes,
  events,
  transparency,
  backup,
];
