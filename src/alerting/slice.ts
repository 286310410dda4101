import type { Slice } from "../slice.ts";

/** Rules that look at every event, and what they raise. */
export const alertingSlice: Slice = {
  name: "alerting",
  tables: async () => (await import("./tables.ts")).alertingTables,
  serve: async (context) => (await import("./served.ts")).servedAlerting(context),
};
