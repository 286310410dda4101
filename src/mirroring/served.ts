import { configuredWorkers } from "../following/configured-workers.ts";
import type { Worker } from "../following/worker.ts";
import type { ServedSlice, SliceContext } from "../slice.ts";
import { apiMirror } from "./api/api-mirror.ts";
import { databaseMirror } from "./database/database-mirror.ts";
import { linkOperations } from "./identity/link-operations.ts";
import type { MirrorParts } from "./recording/stop-set-back.ts";
import { mirroredSessionOperations } from "./identity/session-operations.ts";
import { Vouching } from "./identity/vouch.ts";
import { disableRestored } from "./sources/disable-restored.ts";
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

/** Gives each source that is enabled a worker of its own. */
function sourcesWorker(parts: MirrorParts, desk: SliceContext["workers"]): Worker {
  const { db } = parts;
  return configuredWorkers({
    name: "sources",
    complaint: "cannot tell which sources there are: they are mirrored as before",
    db,
    desk,
    prepare: () => disableRestored(db, parts.actor),
    list: async () => (await listSources(db)).filter(({ isEnabled }) => isEnabled),
    workerOf: (source) => (wayOf(source) === "database" ? databaseMirror(parts, source) : apiMirror(parts, source)),
  });
}
