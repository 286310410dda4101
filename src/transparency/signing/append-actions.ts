import { defineAction } from "../../audit/action.ts";
import { draftEvent } from "../../audit/event-draft.ts";

/** Events that an operator vouches for, since nobody can say who appended them. */
export interface AcceptedRange {
  readonly from: number;
  readonly to: number;
  /** The tree's root over all events up to `to`, in base64. */
  readonly root: string;
  readonly reason: string;
}

/** Goes on behind a head that this log's key has not left. Every verification tells of it. */
export const acceptHead = defineAction({
  async run(_tx, range: AcceptedRange) {
    return range;
  },
  events: ({ from, to, root, reason }) => [
    draftEvent("log.append.accept", { to, reason: sentence(reason) }, { details: { from, to, root, reason } }),
  ],
});

/** From this event on the head bears another key. */
export const useAppendKey = defineAction({
  async run(_tx, { key }: { readonly key: string; readonly before: string }) {
    return key;
  },
  events: (key, { before }) => [draftEvent("log.append.key.use", { key }, { details: { key, before } })],
});

function sentence(reason: string): string {
  return /[.!?]$/.test(reason) ? reason : `${reason}.`;
}
