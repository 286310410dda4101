import type { Slice } from "../slice.ts";

/** People: users, passwords, permissions, sessions, logins. */
export const accountsSlice: Slice = {
  name: "accounts",
  tables: async () => (await import("./tables.ts")).accountsTables,
  commands: [
    {
      name: "createadmin",
      summary: "Create an administrator.",
      load: async () => (await import("./local-commands.ts")).createadminCommand,
    },
    {
      name: "apikey",
      summary: "List, generate, rename or delete a user's API keys.",
      load: async () => (await import("./local-commands.ts")).apikeyCommand,
    },
    {
      name: "changepassword",
      summary: "Change a user's password.",
      load: async () => (await import("./local-commands.ts")).changepasswordCommand,
    },
    {
      name: "resetfactor",
      summary: "Remove a user's second factors, which they have lost.",
      load: async () => (await import("./local-commands.ts")).resetfactorCommand,
    },
  ],
  serve: async (context) => (await import("./served.ts")).servedAccounts(context),
};
