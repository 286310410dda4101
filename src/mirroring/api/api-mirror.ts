import type { Worker } from "../../following/worker.ts";
import { mirrorName } from "../database/database-mirror.ts";
import type { MirrorParts } from "../recording/stop-set-back.ts";
import type { Source } from "../sources/source.ts";
import { ApiMirrorSession } from "./api-mirror-session.ts";

/** An API tells of nothing by itself: it is asked this often for what is new. */
const pollMs = 2_000;

/** Mirrors a source by what its API shows: first all of it, oldest first, then what appears. */
export function apiMirror(parts: MirrorParts, source: Source): Worker {
  let session: ApiMirrorSession | undefined;
  const forget = async (): Promise<void> => {
    session = undefined;
  };
  return {
    name: mirrorName(source.name),
    runs: "once",
    pauseMs: pollMs,
    isEager: true,
    complaint: `cannot mirror source '${source.name}': its new events wait`,
    async turn(turn) {
      try {
        session ??= await ApiMirrorSession.begin(parts, source, turn);
        return await session.step(turn);
      } catch (error) {
        await forget();
        throw error;
      }
    },
    standBy: forget,
    progress: () => session?.progress(),
  };
}
