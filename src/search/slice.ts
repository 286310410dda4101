import type { Slice } from "../slice.ts";

/** The index of the log's words, and the process that keeps it. */
export const searchSlice: Slice = {
  name: "search",
  commands: [
    {
      name: "search index",
      summary: "Keep the search index up to date; the server runs it.",
      load: async () => (await import("./index/index-command.ts")).searchIndexCommand,
    },
  ],
  serve: async (context) => (await import("./served.ts")).servedSearch(context),
};
