import { endingWithSentence } from "./local-commands.ts";
import { slices, tablesOfAll } from "./slices.ts";
import type { CommandEntry } from "./terminal/local-command.ts";

/** The commands that work on this machine's data. Loaded when wanted: a client command must not wait for the server. */
export const localCommands: readonly CommandEntry[] = [
  {
    name: "serve",
    summary: "Run the server.",
    load: async () => (await import("./serving/serve-command.ts")).serveCommand,
  },
  {
    name: "health",
    summary: "Ask the server that runs here whether it is ready.",
    load: async () => (await import("./serving/health-command.ts")).healthCommand,
  },
  {
    name: "config",
    summary: "Print the server's settings, and where each comes from.",
    load: async () => (await import("./serving/config-command.ts")).configCommand,
  },
  ...slices.flatMap(({ commands = [] }) =>
    commands.map((command) => ({ ...command, load: async () => command.load(tablesOfAll) })),
  ),
].map(endingWithSentence);
