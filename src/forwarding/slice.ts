import type { Slice } from "../slice.ts";

/** Where events are sent to: SIEMs, collectors, files. */
export const forwardingSlice: Slice = {
  name: "forwarding",
  tables: async () => (await import("./tables.ts")).forwardingTables,
  serve: async (context) => (await import("./served.ts")).servedForwarding(context),
};
