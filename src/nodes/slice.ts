import type { Slice } from "../slice.ts";

/** What events are about: machines, devices, zones, domains, pools, tags. */
export const nodesSlice: Slice = {
  name: "nodes",
  tables: async () => (await import("./tables.ts")).nodesTables,
  serve: async () => (await import("./operations.ts")).nodeOperations,
};
