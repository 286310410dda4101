import type { Slice } from "../slice.ts";

/** Copies of everything, and the log's way to another database. */
export const backup: Slice = {
  name: "backup",
  commands: [
    {
      name: "migrate",
      summary: "Bring the database's tables up to date; let a PostgreSQL role serve.",
      load: async () => (await import("./migrate-command.ts")).migrateCommand,
    },
    {
      name: "backup",
      summary: "Write a backup of everything to a file.",
      load: async () => (await import("./local-commands.ts")).backupCommand,
    },
    {
      name: "restore",
      summary: "Fill an empty database from a backup.",
      load: async () => (await import("./local-commands.ts")).restoreCommand,
    },
    {
      name: "log export",
      summary: "Move the log out of its database.",
      load: async () => (await import("./local-commands.ts")).logExportCommand,
    },
    {
      name: "log import",
      summary: "Take a log over into an empty database.",
      load: async () => (await import("./local-commands.ts")).logImportCommand,
    },
  ],
};
