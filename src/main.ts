import { runCommandLine } from "./cli/command-line.ts";
import type { CommandEntry } from "./terminal/local-command.ts";

/** The commands that work on this machine's data. Loaded when wanted: a client command must not wait for the server. */
const localCommands: readonly CommandEntry[] = [
  {
    name: "serve",
    summary: "Run the server.",
    load: async () => (await import("./serve.ts")).serveCommand,
  },
  {
    name: "createadmin",
    summary: "Create an administrator.",
    load: async () => (await import("./accounts/local-commands.ts")).createadminCommand,
  },
  {
    name: "apikey",
    summary: "List, generate, rename or delete a user's API keys.",
    load: async () => (await import("./accounts/local-commands.ts")).apikeyCommand,
  },
  {
    name: "changepassword",
    summary: "Change a user's password.",
    load: async () => (await import("./accounts/local-commands.ts")).changepasswordCommand,
  },
  {
    name: "log",
    summary: "Verify the log, prove events, check proofs.",
    load: async () => (await import("./transparency/commands/log-command.ts")).logCommand,
  },
  {
    name: "migrate",
    summary: "Bring the database's tables up to date; let a PostgreSQL role serve.",
    load: async () => (await import("./backup/migrate-command.ts")).migrateCommand,
  },
  {
    name: "backup",
    summary: "Write a backup of everything to a file.",
    load: async () => (await import("./backup/local-commands.ts")).backupCommand,
  },
  {
    name: "restore",
    summary: "Fill an empty database from a backup.",
    load: async () => (await import("./backup/local-commands.ts")).restoreCommand,
  },
  {
    name: "export",
    summary: "Move the log out of its database.",
    load: async () => (await import("./backup/local-commands.ts")).exportCommand,
  },
  {
    name: "import",
    summary: "Take a log over into an empty database.",
    load: async () => (await import("./backup/local-commands.ts")).importCommand,
  },
  {
    name: "events export",
    summary: "Write events to a file, as CSV or JSON Lines.",
    load: async () => (await import("./events/exporting/export-command.ts")).exportCommand,
  },
];

/** Ends at once when the work is done: waiting for Node to find nothing left to do takes another two milliseconds. */
async function main(): Promise<never> {
  process.exit(await runCommandLine(process.argv.slice(2), localCommands));
}

void main();
