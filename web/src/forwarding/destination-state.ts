import type { StateWords } from "../page/list/state.tsx";
import type { Destination } from "./destination.ts";

/** What a destination does now. */
export const destinationStates: Readonly<Record<Destination["state"], StateWords>> = {
  delivering: ["good", "Delivering"],
  failing: ["caution", "Failing"],
  stalled: ["bad", "Stalled"],
  paused: ["off", "Paused"],
  waiting: ["caution", "Waiting"],
};
