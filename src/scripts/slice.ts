import type { Slice } from "../slice.ts";

/** Commissioning and test scripts. */
export const scriptsSlice: Slice = {
  name: "scripts",
  tables: async () => (await import("./tables.ts")).scriptsTables,
  serve: async () => (await import("./operations.ts")).scriptOperations,
};
