import { machineActor } from "../audit/actor.ts";
import { openLog } from "../audit/open-log.ts";
import { perform } from "../audit/perform.ts";
import type { OwnedTables } from "../database/owned-tables.ts";
import { dataConfig, dataSettings } from "../config.ts";
import { grantRole } from "../database/dialects/postgres.ts";
import { settingsHelp } from "../settings-help.ts";
import { exitStatus, misuse, refuseWords } from "../terminal/exit.ts";
import type { CommandBody } from "../terminal/local-command.ts";
import { osUser } from "../terminal/os-user.ts";
import { print } from "../terminal/print.ts";
import { recordGrant } from "./actions.ts";

/** `migrate`: for those whose server may not change its own tables. */
export const migrateCommand = (tables: OwnedTables): CommandBody => ({
  usage: `Usage: ironlog migrate [--grant ROLE] [OPTION …]

Bring the database's tables up to date, as every start of the server does by itself where
it may. Run it as the tables' owner where the server's own role may not change them.

  --grant ROLE
      PostgreSQL: let this role serve. It may read and add, and it can't change or delete
      an event, nor take a guard away. It loses whatever else it was granted on the tables.
      It is recorded: a verification warns of roles that may write without it.

${settingsHelp(dataSettings)}`,

  async run(args) {
    const { config, own, words } = dataConfig(args, { grant: "text" });
    refuseWords(words);
    const role = own.get("grant");
    const { database } = config;
    if (role !== undefined && database.kind !== "postgres") throw misuse("--grant is for PostgreSQL: give --database.");
    const machine = machineActor(osUser());
    await using open = await openLog(database, machine);
    if (role !== undefined && database.kind === "postgres") {
      const rights = await grantRole(database.url, role, tables);
      await perform(open.db, machine, recordGrant, { role, rights });
    }
    const done = open.migrated.length === 0 ? "The tables are up to date" : `Applied ${open.migrated.join(", ")}`;
    await print(`${done}${role === undefined ? "" : `; '${role}' may serve`}.\n`);
    return exitStatus.success;
  },
});
