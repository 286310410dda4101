import { exitStatus } from "../terminal/exit.ts";
import type { Slice } from "../slice.ts";

/** The log's keys, checkpoints, proofs and verification. */
export const transparencySlice: Slice = {
  name: "transparency",
  tables: async () => (await import("./tables.ts")).transparencyTables,
  commands: [
    {
      name: "log",
      summary: "Verify the log, prove events, check proofs.",
      subcommands: [
        "verify",
        "key",
        "proof",
        "check-proof",
        "bundle",
        "check-bundle",
        "renew-identity",
        "append-key",
        "accept-head",
      ],
      refusedStatus: exitStatus.refused,
      load: async () => (await import("./commands/log-command.ts")).logCommand,
    },
  ],
  serve: async (context) => (await import("./served.ts")).servedTransparency(context),
};
