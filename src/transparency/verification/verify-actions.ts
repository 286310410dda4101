import { defineAction } from "../../audit/action.ts";
import { draftEvent } from "../../audit/event-draft.ts";
import type { VerificationReport } from "./verification-report.ts";

/** The log itself tells that it was found wrong: what was changed can't take that back unseen. */
export const recordVerifyFailure = defineAction({
  async run(_tx, report: VerificationReport) {
    return report;
  },
  events: ({ size, integrity, completeness }) => [
    draftEvent("log.verify.failure", undefined, {
      outcome: "failure",
      details: {
        size,
        integrity: integrity.verdict,
        faults: integrity.fault_count,
        first_fault: integrity.faults[0]?.what ?? null,
        completeness: completeness.verdict,
        gaps: completeness.gaps.length,
      },
    }),
  ],
});
