import { defineAction } from "../../audit/action.ts";
import { draftEvent } from "../../audit/event-draft.ts";
import type { Source } from "../sources/source.ts";
import { sourceTarget } from "../sources/source-actions.ts";

/** Why a key of a mirrored MAAS lets nobody in. */
export type KeyFault =
  /** That MAAS doesn't know it. */
  | "refused"
  /** It is the key of somebody who is deactivated there. */
  | "deactivated"
  /** That MAAS's database doesn't know the person whom the MAAS names. */
  | "unknown"
  /** Who has it can't be told for lack of a grant, and they are no administrator. */
  | "hidden";

/** Records that somebody came with a key of a mirrored MAAS and wasn't let in. */
export const recordKeyFailure = defineAction({
  async run(_tx, failure: { readonly source: Source; readonly fault: KeyFault; readonly username: string | null }) {
    return failure;
  },
  events: ({ source, fault, username }) => [
    draftEvent(
      "auth.key.failure",
      { name: source.name },
      {
        outcome: "failure",
        target: sourceTarget(source),
        details: { reason: fault, ...(username !== null && { username }) },
        as: "nobody",
      },
    ),
  ],
});
