import { defineAction } from "../../audit/action.ts";
import { draftEvent } from "../../audit/event-draft.ts";
import { rfc3339Micros } from "../../time.ts";

/** How the log is read: `query` is a list, one event or a count of events. */
export type ReadKind = "query" | "proof" | "stream";

/** Reads by one session or API key, of which one event tells. Times are in microseconds. */
export interface CountedReads {
  readonly reader: { readonly id: string; readonly username: string };
  /** The fingerprint of the session or API key. */
  readonly credential: string;
  readonly counts: Readonly<Record<ReadKind, number>>;
  readonly from: number;
  readonly to: number;
}

/** Records that somebody has read what is others'. */
export const recordReads = defineAction({
  async run(_tx, reads: CountedReads) {
    return reads;
  },
  events: ({ reader, credential, counts, from, to }) => [
    draftEvent(
      "log.read",
      { username: reader.username, counts },
      {
        target: { kind: "user", id: reader.id, name: reader.username },
        details: { credential, reads: counts, from: rfc3339Micros(from), to: rfc3339Micros(to) },
      },
    ),
  ],
});
