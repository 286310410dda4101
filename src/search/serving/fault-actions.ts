import { defineAction } from "../../audit/action.ts";
import { draftEvent } from "../../audit/event-draft.ts";

/** What was wrong with the search index of a server. */
export interface SearchFault {
  readonly what: string;
}

/** Records that the index was not what was written, and is built again. */
export const recordSearchFault = defineAction({
  async run(_tx, fault: SearchFault) {
    return fault;
  },
  events: ({ what }) => [draftEvent("search.fault", undefined, { outcome: "failure", details: { what } })],
});
