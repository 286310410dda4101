import type { Slice } from "../slice.ts";

/** Copies of everything, and the log's way to another database. */
export const backupSlice: Slice = {
  name: "backup",
  tables: async () => (await import("./tables.ts")).backupTables,
  commands: [
    {
      name: "migrate",
      summary: "Bring the database's tables up to date; let a PostgreSQL role serve.",
      load: async (tables) => (await import("./migrate-command.ts")).migrateCommand(await tables()),
    },
    {
      name: "backup",
      summary: "Write a backup of everything to a file.",
      load: async (tables) => (await import("./local-commands.ts")).backupCommand(await tables()),
    },
    {
      name: "restore",
      summary: "Fill an empty database from a backup.",
      load: async (tables) => (await import("./local-commands.ts")).restoreCommand(await tables()),
    },
    {
      name: "log export",
      summary: "Move the log out of its database.",
      load: async (tables) => (await import("./local-commands.ts")).logExportCommand(await tables()),
    },
    {
      name: "log import",
      summary: "Take a log over into an empty database.",
      load: async (tables) => (await import("./local-commands.ts")).logImportCommand(await tables()),
    },
  ],
};
