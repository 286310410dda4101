import type { Worker } from "../../following/worker.ts";
import { mirrorWorker } from "../mirror-worker.ts";
import type { MirrorParts } from "../recording/stop-set-back.ts";
import type { Source } from "../sources/source.ts";
import { ApiMirrorSession } from "./api-mirror-session.ts";

/** An API tells of nothing by itself: it is asked this often for what is new. */
const pollMs = 2_000;

/** Mirrors a source by what its API shows: first all of it, oldest first, then what appears. */
export function apiMirror(parts: MirrorParts, source: Source): Worker {
  return mirrorWorker(source, (turn) => ApiMirrorSession.begin(parts, source, turn), { pauseMs: pollMs });
}
