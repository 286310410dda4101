import type { StateWords } from "../page/list/state.tsx";
import type { Source } from "./source.ts";

/** What a source does now. */
export const sourceStates: Readonly<Record<Source["state"], StateWords>> = {
  mirroring: ["good", "Mirroring"],
  importing: ["busy", "Importing"],
  failing: ["bad", "Trouble"],
  set_back: ["bad", "Set back"],
  disabled: ["off", "Paused"],
  waiting: ["caution", "Waiting"],
};
