import { realTiming } from "../../following/timing.ts";
import type { Worker } from "../../following/worker.ts";
import { mirrorWorker } from "../mirror-worker.ts";
import type { MirrorParts } from "../recording/stop-set-back.ts";
import type { Source } from "../sources/source.ts";
import { MirrorSession } from "./mirror-session.ts";

/** The poll that keeps it true, whatever becomes of MAAS's notice. */
const pollMs = 1_000;
/** Events that come one behind the other are read together; an open gap is looked at again this soon. */
const gatherMs = 100;

/** Mirrors a source by its database: first all that is there, then what comes, in the order of their ids. */
export function databaseMirror(parts: MirrorParts, source: Source): Worker {
  return mirrorWorker(source, (turn) => MirrorSession.begin(parts, source, turn), {
    pauseMs: pollMs,
    close: async (session) => session[Symbol.asyncDispose](),
    async rest(current, pauseMs, woken) {
      await realTiming.sleep(gatherMs, woken);
      const session = current();
      if (session === undefined || session.isWaiting || woken.aborted) return;
      await session.untilNews(pauseMs - gatherMs, woken);
    },
    waiting: ({ waiting }) => waiting,
  });
}
