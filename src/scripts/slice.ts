import type { Slice } from "../slice.ts";

/** Commissioning and test scripts. */
export const scripts: Slice = {
  name: "scripts",
};
