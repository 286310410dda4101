import { runCommandLine } from "./cli/command-line.ts";
import { localCommands } from "./local-commands.ts";

/** Ends at once when the work is done: waiting for Node to find nothing left to do takes another two milliseconds. */
async function main(): Promise<never> {
  process.exit(await runCommandLine(process.argv.slice(2), localCommands));
}

void main();
