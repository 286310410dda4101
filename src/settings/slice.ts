import type { Slice } from "../slice.ts";

/** The server's settings, as MAAS names them. */
export const settings: Slice = {
  name: "settings",
};
