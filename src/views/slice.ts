import type { Slice } from "../slice.ts";

/** Filters of the events page that people keep under a name. */
export const viewsSlice: Slice = {
  name: "views",
  tables: async () => (await import("./tables.ts")).viewsTables,
  serve: async () => ({ native: (await import("./view-operations.ts")).viewOperations }),
};
