import { type Draw, numbersFrom, pick } from "../mutations.ts";
import { drawBytePart } from "./byte-parts.ts";
import { drawFilePart, drawStatePart } from "./file-parts.ts";
import type { Part, Stored } from "./part.ts";
import { drawAppendPart, drawRowPart, drawUsedPart, drawVerdictPart } from "./row-parts.ts";
import { drawSchemaPart } from "./schema-parts.ts";

/** What somebody does to a log, who has one or two roles. */
export interface Manipulation {
  readonly seed: number;
  readonly parts: readonly Part[];
  /** True where all is taken back before anybody looks. */
  readonly isUndone: boolean;
}

/** In words, with the roles. */
export function describeManipulation({ parts, isUndone }: Manipulation): string {
  const words = parts.map(({ what, role, use }) => `as ${role}: ${what}${use === undefined ? "" : `, ${use.how} so`}`);
  return `${words.join("; ")}${isUndone ? "; undone" : ""}`;
}

type Class = (draw: Draw, stored: Stored) => Part;

/** Each as often as it has different things to change. */
const classes: readonly Class[] = [
  ...Array.from<Class>({ length: 8 }).fill(drawRowPart),
  ...Array.from<Class>({ length: 3 }).fill(drawFilePart),
  ...Array.from<Class>({ length: 2 }).fill(drawSchemaPart),
  ...Array.from<Class>({ length: 2 }).fill(drawBytePart),
  drawVerdictPart,
  drawAppendPart,
  drawStatePart,
];

/** The manipulation of that seed: a third are pairs; of what can be undone, a quarter is. */
export function drawManipulation(seed: number, stored: Stored): Manipulation {
  const draw = numbersFrom(seed);
  if (draw(12) === 0) return { seed, parts: [drawUsedPart(draw, stored)], isUndone: true };
  const parts = Array.from({ length: draw(3) === 0 ? 2 : 1 }, () => pick(draw, classes)(draw, stored));
  return { seed, parts, isUndone: parts.every(({ undo }) => undo !== undefined) && draw(4) === 0 };
}
