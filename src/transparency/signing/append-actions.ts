import { defineAction } from "../../audit/action.ts";
import { draftEvent } from "../../audit/event-draft.ts";
import type { Database } from "../../database/database.ts";
import type { AppendKeys } from "../../database/writing/append-keys.ts";
import { authenticateRows } from "../../database/writing/row-authentication.ts";

/** Events that an operator vouches for, since nobody can say who appended them. */
export interface AcceptedRange {
  readonly from: number;
  readonly to: number;
  /** The tree's root over all events up to `to`, in base64. */
  readonly root: string;
  readonly reason: string;
}

/**
 * Goes on behind a head that this log's key has not left. Every verification tells of it. With `newKeys`, where nobody has the old ones,
 * all rows bear their codes from here on.
 */
export const acceptHead = defineAction({
  async run(tx, { newKeys, ...range }: AcceptedRange & { readonly newKeys?: AppendKeys }) {
    if (newKeys !== undefined) {
      await authenticateRows(tx as unknown as Database, newKeys, { headKey: null, isChecked: false });
    }
    return range;
  },
  events: ({ from, to, root, reason }) => [
    draftEvent("log.append.accept", { to, reason: sentence(reason) }, { details: { from, to, root, reason } }),
  ],
});

/**
 * From this event on the head bears another key, and with it all rows that bore a right code: in one transaction, since another server
 * may change any row as soon as it can.
 */
export const useAppendKey = defineAction({
  async run(
    tx,
    { key, keys }: { readonly key: string; readonly before: string; readonly keys: AppendKeys },
  ): Promise<string> {
    // The same object behind a type that reads everything.
    await authenticateRows(tx as unknown as Database, keys, { headKey: key, isChecked: true });
    return key;
  },
  events: (key, { before }) => [draftEvent("log.append.key.use", { key }, { details: { key, before } })],
});

function sentence(reason: string): string {
  return /[.!?]$/.test(reason) ? reason : `${reason}.`;
}
