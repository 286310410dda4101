import type { ServedSlice, SliceContext } from "../slice.ts";
import { indexFile, openIndex } from "./query/index-reader.ts";
import { SearchWorker } from "./serving/search-worker.ts";

/** The search index of a server. */
export async function servedSearch({ server }: SliceContext): Promise<ServedSlice> {
  if (server === undefined || !server.keepsSearchIndex) return {};
  const { db, config, machine, log, mainFile } = server;
  const { dataFolder, childEnvironment: environment, readers } = config;
  const search = new SearchWorker({
    db,
    program: { mainFile, dataFolder, environment },
    reader: openIndex(indexFile(dataFolder), db, readers),
    machine,
    warn: (error, sentence) => log.error({ err: error }, sentence),
  });
  return {
    workers: [search.worker],
    gauges: [
      [
        "ironlog_search_rebuilds",
        "How often the search index was built again since the server started, since it was damaged or missed an event.",
        async () => search.rebuilds,
      ],
    ],
  };
}
