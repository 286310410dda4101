import { defineAction } from "../audit/action.ts";
import { draftEvent } from "../audit/event-draft.ts";
import { rfc3339Micros } from "../time.ts";
import { findingKinds, type Review, type ReviewScope } from "./review.ts";

/** Records that somebody looked at everybody's access, and how much they found. */
export const recordReview = defineAction({
  async run(_tx, made: { readonly scope: ReviewScope; readonly review: Review }) {
    return made;
  },
  events: ({ scope, review: { findings, changesLeftOut } }) => {
    const counts = findingKinds.map((kind) => [
      kind.replaceAll(" ", "_"),
      findings.filter(({ finding }) => finding === kind).length + (kind === "change" ? changesLeftOut : 0),
    ]);
    const details = {
      since: rfc3339Micros(scope.since),
      unused_days: scope.unusedDays,
      found: Object.fromEntries(counts) as Readonly<Record<string, number>>,
    };
    return [draftEvent("access.review", undefined, { details })];
  },
});
