import type { Slice } from "../slice.ts";

/** SSH and SSL keys. */
export const keys: Slice = {
  name: "keys",
};
