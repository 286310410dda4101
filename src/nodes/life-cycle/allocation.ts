import type { Reader } from "../../audit/action.ts";
import type { ActingUser } from "../../audit/actor.ts";
import { type Constraints, describeConstraints, findMatching } from "./constraints.ts";
import { seenBy } from "../inventory/node-queries.ts";
import type { Node } from "../inventory/node.ts";

/** The first machine that is ready and will do. Refuses with `invalid` zones, pools and tags that there are none of. */
export async function findAvailable(db: Reader, wanted: Constraints, user: ActingUser): Promise<Node | undefined> {
  const candidates = await findMatching(db, wanted, seenBy(user, { types: ["machine"], statuses: ["Ready"] }));
  return candidates.find((node) => node.owner === null && !node.isLocked);
}

/** MAAS's sentence where nothing matches: what was asked for, and what that came to. */
export function noneAvailable(wanted: Constraints): string {
  const resolved = describeConstraints(wanted);
  if (resolved === "") return "No machine available.";
  return `No available machine matches constraints: ${wanted.asked ?? "[]"} (resolved to "${resolved}")`;
}
