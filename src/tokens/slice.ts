import type { Slice } from "../slice.ts";

/** API (OAuth) tokens. */
export const tokens: Slice = {
  name: "tokens",
};
