import { defineAction } from "../../audit/action.ts";
import { draftEvent } from "../../audit/event-draft.ts";
import { countFaults, isGood, type Verdict, verdictDetails } from "./verdict.ts";

/** Records how a verification ended, also one that could not be done: a verdict is part of the log that it is about. */
export const recordVerdict = defineAction({
  async run(_tx, verdict: Verdict) {
    return verdict;
  },
  events: (verdict) => [
    draftEvent(
      "log.verify",
      { size: verdict.size, faults: countFaults(verdict), reason: verdict.reason },
      { outcome: isGood(verdict) ? "success" : "failure", details: verdictDetails(verdict) },
    ),
  ],
});

/** Records that a verification runs for longer than the time between two. */
export const recordOverrun = defineAction({
  async run(_tx, overrun: { readonly hours: number }) {
    return overrun;
  },
  events: ({ hours }) => [draftEvent("log.verify.overrun", { hours }, { outcome: "failure", details: { hours } })],
});
