import { slices, tablesOfAll } from "./slices.ts";
import { CommandFailure, exitStatus } from "./terminal/exit.ts";
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

/** The command, ending with one sentence where it is refused or finds a database that can't be used. */
function endingWithSentence(entry: CommandEntry): CommandEntry {
  return {
    ...entry,
    async load() {
      const { usage, run } = await entry.load();
      return {
        usage,
        async run(args) {
          try {
            return await run(args);
          } catch (error) {
            if (!(error instanceof Error) || !(await isExpected(error))) throw error;
            const words = entry.subcommands !== undefined ? `${entry.name} ${args[0]}` : entry.name;
            const status = entry.refusedStatus ?? exitStatus.gaveUp;
            throw new CommandFailure(status, `ironlog ${words}: ${error.message}`, { cause: error });
          }
        },
      };
    },
  };
}

/** True for a refusal and for a database that can't be used. A client command doesn't load their code. */
async function isExpected(error: Error): Promise<boolean> {
  const { Refusal } = await import("./refusal.ts");
  const { UnusableDatabase } = await import("./database/failures.ts");
  return error instanceof Refusal || error instanceof UnusableDatabase;
}
