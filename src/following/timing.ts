import { setTimeout as sleep } from "node:timers/promises";
import { nowMicros } from "../time.ts";
import type { Timing } from "./worker.ts";

/** The time as it is. */
export const realTiming: Timing = {
  now: nowMicros,
  steadyMs: () => performance.now(),
  async sleep(ms, woken) {
    await sleep(ms, undefined, { signal: woken }).catch((error: unknown) => {
      if (!woken.aborted) throw error;
    });
  },
  random: Math.random,
};
