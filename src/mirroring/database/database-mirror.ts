import { realTiming } from "../../following/timing.ts";
import type { Worker } from "../../following/worker.ts";
import type { Source } from "../sources/source.ts";
import type { MirrorParts } from "../recording/stop-set-back.ts";
import { MirrorSession } from "./mirror-session.ts";

/** The poll that keeps it true, whatever becomes of MAAS's notice. */
const pollMs = 1_000;
/** Events that come one behind the other are read together; an open gap is looked at again this soon. */
const gatherMs = 100;

/** Mirrors a source by its database: first all that is there, then what comes, in the order of their ids. */
export function databaseMirror(parts: MirrorParts, source: Source): Worker {
  let session: MirrorSession | undefined;
  const close = async (): Promise<void> => {
    const open = session;
    session = undefined;
    await open?.[Symbol.asyncDispose]();
  };
  return {
    name: mirrorName(source.name),
    runs: "once",
    pauseMs: pollMs,
    isEager: true,
    complaint: `cannot mirror source '${source.name}': its new events wait`,
    async turn(turn) {
      try {
        session ??= await MirrorSession.begin(parts, source, turn);
        return await session.step(turn);
      } catch (error) {
        await close();
        throw error;
      } finally {
        // This server stops, or another one does it now.
        if (turn.signal.aborted) await close();
      }
    },
    standBy: close,
    async rest(pauseMs, woken) {
      await realTiming.sleep(gatherMs, woken);
      if (session === undefined || session.isWaiting || woken.aborted) return;
      await session.untilNews(pauseMs - gatherMs, woken);
    },
    progress: () => session?.progress(),
    waiting: () => session?.waiting ?? 0,
  };
}

/** The name of a source's worker. */
export function mirrorName(source: string): string {
  return `mirror ${source}`;
}
