import type { Slice } from "../slice.ts";

/** Queries of the log, reports, exports and streams. */
export const events: Slice = {
  name: "events",
  commands: [
    {
      name: "events export",
      summary: "Write events to a file, as CSV or JSON Lines.",
      load: async () => (await import("./exporting/export-command.ts")).eventsExportCommand,
    },
  ],
};
