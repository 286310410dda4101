import { defineAction } from "../../audit/action.ts";
import { draftEvent } from "../../audit/event-draft.ts";
import type { ExportExtent, ExportFormat, ExportOrder } from "./export.ts";

/** What is to leave the log. */
export interface RequestedExport extends ExportExtent {
  /** A bundle has the events' proofs with them. */
  readonly format: ExportFormat | "bundle";
  readonly order: ExportOrder;
  /** The filter as it was given. */
  readonly shown: Readonly<Record<string, readonly string[] | string>>;
}

/** Records that events are exported, before the first of them leaves: who, by which filter, how many, up to which. */
export const recordExport = defineAction({
  async run(_tx, requested: RequestedExport) {
    return requested;
  },
  events: ({ format, order, shown, upToId, count, countAtLeast }) => [
    draftEvent(
      "log.export",
      { format },
      {
        details: {
          format,
          order,
          filter: shown,
          up_to_id: upToId,
          ...(count === undefined ? { count: null, count_at_least: countAtLeast } : { count }),
        },
      },
    ),
  ],
});
