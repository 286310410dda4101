import { logVersion } from "../database/version-cache.ts";
import type { Worker } from "../following/worker.ts";
import type { ServedSlice, SliceContext } from "../slice.ts";
import { apiMirror } from "./api/api-mirror.ts";
import { databaseMirror } from "./database/database-mirror.ts";
import { mirrorName } from "./mirror-worker.ts";
import { linkOperations } from "./identity/link-operations.ts";
import type { MirrorParts } from "./recording/stop-set-back.ts";
import { mirroredSessionOperations } from "./identity/session-operations.ts";
import { Vouching } from "./identity/vouch.ts";
import { listSources } from "./sources/source-queries.ts";
import { wayOf } from "./sources/source.ts";
import { sourceOperations } from "./sources/source-operations.ts";

/** Mirrored sources in a server. */
export async function servedMirroring({ unrecorded, workers, server }: SliceContext): Promise<ServedSlice> {
  if (server === undefined) {
    return {
      native: [...sourceOperations({ workers }), ...mirroredSessionOperations(undefined), ...linkOperations(undefined)],
    };
  }
  const { db, secrets, machine, log } = server;
  const vouch = new Vouching({ db, secrets, unrecorded, log });
  return {
    native: [...sourceOperations({ workers, secrets }), ...mirroredSessionOperations(vouch), ...linkOperations(vouch)],
    vouch,
    workers: [sourcesWorker({ db, secrets, actor: machine }, workers)],
  };
}

/** How soon a change of the sources takes effect. */
const lookMs = 1_000;

/** Gives each source that is enabled a worker of its own, with the settings that it has now. */
function sourcesWorker(parts: MirrorParts, workers: SliceContext["workers"]): Worker {
  const running = new Map<string, number>();
  let seen: string | undefined;
  return {
    name: "sources",
    runs: "everyServer",
    pauseMs: lookMs,
    isEager: true,
    complaint: "cannot tell which sources there are: they are mirrored as before",
    async turn() {
      const version = await logVersion(parts.db);
      if (version === seen) return "pause";
      const wanted = (await listSources(parts.db)).filter(({ isEnabled }) => isEnabled);
      for (const [name, updated] of running) {
        if (wanted.some((source) => source.name === name && source.updated === updated)) continue;
        running.delete(name);
        await workers.remove(mirrorName(name));
      }
      for (const source of wanted.filter(({ name }) => !running.has(name))) {
        workers.add(wayOf(source) === "database" ? databaseMirror(parts, source) : apiMirror(parts, source));
        running.set(source.name, source.updated);
      }
      seen = version;
      return "pause";
    },
  };
}
