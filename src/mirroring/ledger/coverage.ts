import type { SourcePosition } from "./position.ts";

/** Why nothing is told of the other ids of a source that is read over an API. */
const limits = "An API doesn't prove absence: the others may be hidden, deleted or never written.";

/** How many ids an API has shown, of how many; what of a source without its database stands in place of a ledger. */
export function coverageOf({ first_id, recorded_to, shown }: SourcePosition): string {
  if (first_id === null || shown === null || shown === 0) return "It has shown no event so far.";
  const size = recorded_to - first_id + 1;
  return `It showed ${shown} of ${size} ids between ${first_id} and ${recorded_to}. ${limits}`;
}
