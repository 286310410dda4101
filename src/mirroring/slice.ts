import type { Slice } from "../slice.ts";

/** Other MAASes, whose events are recorded here too. */
export const mirroringSlice: Slice = {
  name: "mirroring",
  tables: async () => (await import("./tables.ts")).mirroringTables,
  serve: async (context) => (await import("./served.ts")).servedMirroring(context),
};
