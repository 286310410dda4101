import { defineAction } from "../audit/action.ts";
import { draftEvent } from "../audit/event-draft.ts";
import type { ExportFormat, ExportOrder } from "./export.ts";

/** What is to leave the log. */
export interface RequestedExport {
  /** A bundle has the events' proofs with them. */
  readonly format: ExportFormat | "bundle";
  readonly order: ExportOrder;
  /** The filter as it was given. */
  readonly shown: Readonly<Record<string, readonly string[] | string>>;
}

/**
 * Records that events are exported, before the first of them leaves, and gives the id up to which they are: that of the
 * last one before this very event.
 */
export const recordExport = defineAction({
  async run(_tx, _requested: RequestedExport, _actor, firstEventId) {
    return { upToId: firstEventId - 1 };
  },
  events: ({ upToId }, { format, order, shown }) => [
    draftEvent("log.export", { format }, { details: { format, order, filter: shown, up_to_id: upToId } }),
  ],
});
