import type { Slice } from "../slice.ts";

/** Queries of the log, reports, exports and streams. */
export const eventsSlice: Slice = {
  name: "events",
  tables: async () => (await import("./tables.ts")).eventsTables,
  commands: [
    {
      name: "events export",
      summary: "Write events to a file, as CSV or JSON Lines.",
      load: async () => (await import("./exporting/export-command.ts")).eventsExportCommand,
    },
  ],
  serve: async (context) => (await import("./served.ts")).servedEvents(context),
};
