import { Type } from "typebox";
import type { Database } from "../../database/database.ts";
import { longReadsOf } from "../../database/readers/long-reads.ts";
import { lastEventId } from "../../database/version-cache.ts";
import { recordExport } from "../../events/exporting/export-actions.ts";
import { measureExport } from "../../events/exporting/export.ts";
import { downloadLimits, Downloads } from "../../events/exporting/downloads.ts";
import { filterFields, type GivenFilter, parseFilter, shownFilter } from "../../events/filter/native-filter.ts";
import { viewerOf } from "../../http/authentication/acting-user.ts";
import type { FindEnd } from "../../http/native/end-reason.ts";
import { nativeOperation, type NativeOperation } from "../../http/native/operation.ts";
import { Refusal } from "../../refusal.ts";
import { signIfPossible } from "../proofs/native-proof-operation.ts";
import { findIdentity, findNewestCheckpoint, type Identity, type StoredCheckpoint } from "../queries.ts";
import type { LogParts } from "../log-state.ts";
import { bundleOf } from "./bundle.ts";
import { tarOf } from "./tar.ts";

/** Events with all that is needed to check them elsewhere. It is a command: nothing leaves that isn't recorded first. */
export function evidenceOperation({ signer }: LogParts, findEnd: FindEnd): NativeOperation {
  const downloads = new Downloads("evidence bundles", findEnd);
  return nativeOperation({
    path: "/events/evidence",
    method: "GET",
    id: "exportEvidence",
    command: ["events", "evidence"],
    who: "user",
    alsoAuditors: true,
    alsoMirrored: true,
    scope: "events:read",
    summary: "Export events as evidence",
    description: `All events that match and that the caller may see, up to the newest that a checkpoint covers, oldest first, in a tar archive: the events, a proof of each, the checkpoint, the log's key and a README. Check it anywhere with ironlog log check-bundle. It opens all columns of its events: hand it only to who may see them. It is recorded first, as log.export. One that fails on the way is broken off without a clean end. A user has ${downloadLimits.perUserMax} at a time at most.`,
    query: Type.Object(filterFields, { additionalProperties: false }),
    answer: {
      status: 200,
      description: "The archive.",
      streams: ["application/x-tar"],
      isGetOnly: true,
      open: downloads.open,
    },
    does: ({ command }) =>
      command({
        action: recordExport,
        async input({ db, actor, request: { query } }) {
          const filter = parseFilter(query);
          const viewer = viewerOf(actor);
          // One for all of it: another one may not have all events yet.
          const reader = longReadsOf(db);
          const sealed = await findSealed(reader, signer);
          const extent = await measureExport(reader, viewer, filter, sealed.checkpoint.size);
          return {
            format: "bundle" as const,
            order: "oldest" as const,
            shown: shownFilter(query),
            filter,
            words: wordsOf(query),
            reader,
            sealed,
            ...extent,
          };
        },
        output({ upToId }, call, { filter, words, reader, sealed }) {
          return downloads.answer(call, {
            contentType: "application/x-tar",
            ending: "tar",
            chunks: ({ viewer, check, name }) =>
              tarOf(
                bundleOf(reader, { viewer, filter, words, upToId, ...sealed, check }),
                name,
                Math.floor(call.now / 1_000_000),
              ),
          });
        },
      }),
  });
}

/** The newest checkpoint that is there to be read, and whose it is. Refuses with `not_yet_sealed` where there is none. */
async function findSealed(
  reader: Database,
  signer: LogParts["signer"],
): Promise<{ readonly identity: Identity; readonly checkpoint: StoredCheckpoint }> {
  const newest = await findNewestCheckpoint(reader);
  if (newest === undefined || newest.size < (await lastEventId(reader))) await signIfPossible(signer);
  const checkpoint = await findNewestCheckpoint(reader);
  const identity = await findIdentity(reader);
  if (checkpoint === undefined || identity === undefined) {
    throw new Refusal("not_yet_sealed", "No checkpoint covers any event yet. Try again soon.", {
      retryAfterSeconds: 1,
    });
  }
  return { identity, checkpoint };
}

/** The filter as it is written on the command line. */
function wordsOf(given: GivenFilter): readonly string[] {
  return Object.entries(given).flatMap(([name, values]) => [values].flat().map((value) => `${name}=${value}`));
}
