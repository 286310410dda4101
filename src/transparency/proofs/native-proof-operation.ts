import { getEvent } from "../../events/query/one-event.ts";
import { readsOf } from "../../events/reading/reads.ts";
import { viewerOf } from "../../http/authentication/acting-user.ts";
import { nativeOperation, type NativeOperation } from "../../http/native/operation.ts";
import { proveEvent } from "./event-proof.ts";
import { findNewestCheckpoint, type StoredCheckpoint } from "../queries.ts";
import type { LogParts } from "../log-state.ts";

/** A client that doesn't take a few kilobytes in this time is gone. */
const patienceMs = 60_000;

/** The proof of one event, for whoever may see it. */
export function proofOperation({ signer }: LogParts): NativeOperation {
  return nativeOperation({
    path: "/events/{id}/proof",
    method: "GET",
    id: "proveEvent",
    command: ["events", "proof"],
    who: "user",
    alsoMirrored: true,
    scope: "events:read",
    summary: "Prove an event",
    description:
      "A C2SP tlog-proof: the event's leaf, what its commitments were made of, and the way to a signed checkpoint. Check it anywhere with ironlog log check-proof.",
    answer: { status: 200, description: "The proof, as text.", streams: ["text/plain"] },
    does: ({ query }) =>
      query(async (call) => {
        const { db, actor, request } = call;
        const viewer = viewerOf(actor);
        const event = await getEvent(db, viewer, request.path["id"] ?? "");
        if (event.user_id === null || event.user_id !== actor.user?.id) await readsOf(db).note(call, "proof");
        const proof = await proveEvent(
          db,
          event,
          async () => (await signIfPossible(signer)) ?? findNewestCheckpoint(db),
        );
        return {
          status: 200,
          stream: {
            contentType: "text/plain; charset=utf-8",
            fileName: `event-${event.id}.tlog-proof`,
            patienceMs,
            async *chunks() {
              yield proof;
            },
          },
        };
      }),
  });
}

/** What keeps the signer from signing is its own to say, in the log of the server and in `/readyz`. */
export async function signIfPossible(signer: LogParts["signer"]): Promise<StoredCheckpoint | undefined> {
  try {
    return await signer?.sign();
  } catch {
    return undefined;
  }
}
