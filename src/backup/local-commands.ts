import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { type Actor, machineActor } from "../audit/actor.ts";
import { openLog } from "../audit/open-log.ts";
import { perform } from "../audit/perform.ts";
import { type DataConfig, dataConfig, dataSettings } from "../config.ts";
import type { OwnedTables } from "../database/owned-tables.ts";
import { lockFolder } from "../database/folder-lock.ts";
import { nowMicros } from "../time.ts";
import { Refusal } from "../refusal.ts";
import { checkpointFileOf, readCheckpointFile } from "../transparency/signing/checkpoint-file.ts";
import { openSigner } from "../transparency/signing/open-signer.ts";
import { settingsHelp } from "../settings-help.ts";
import { exitStatus, misuse } from "../terminal/exit.ts";
import type { CommandBody } from "../terminal/local-command.ts";
import { osUser } from "../terminal/os-user.ts";
import { print } from "../terminal/print.ts";
import { moveLog, recordBackup } from "./actions.ts";
import type { CopyHeader, CopyKind } from "./copy-format.ts";
import { readCopy } from "./copy-reader.ts";
import { writeCopy } from "./copy-writer.ts";

const holds = `The file holds everything in the database: the log with its tree and checkpoints, accounts with
password hashes, API keys as hashes, SSH and SSL keys, scripts, settings, nodes. It does not hold
the log's key (log.key and log.key.checkpoint in the data directory), nor secrets.key, which opens
other systems' secrets: copy those apart from it.
Guard it as you guard the database.`;

/** `backup`: a copy of everything, beside a running server. */
export const backupCommand = copyCommand(
  "backup",
  `Usage: ironlog backup FILE [OPTION …]

Write a backup to a new file, beside a running server too. It is recorded.
${holds}

Take it back with: ironlog restore FILE`,
  async ({ config, tables, machine, file }) => {
    await using open = await openLog(config.database, machine);
    const now = nowMicros();
    const before = async (): Promise<void> => {
      await perform(open.db, machine, recordBackup, { file: path.basename(file), now });
    };
    return describe(
      "Backed up",
      await writeCopy({ location: config.database, file, tables, kind: "backup", now, before }),
      file,
    );
  },
);

/** `restore`: what `backup` has written, into a database that nobody has used. */
export const restoreCommand = copyCommand(
  "restore",
  `Usage: ironlog restore FILE [OPTION …]

Fill an empty database from a backup. The log is verified before anything counts, and a
file that is not what was written is refused. Events that were recorded after the backup
are not in it: where the log's key is still beside the data, it has signed them, so the
server will not sign until 'ironlog log renew-identity' has given the log a new name.

Destinations and mirrored sources come paused, since the machine that made the backup may still
deliver and mirror: an administrator resumes them.

  --take-over   that machine works no more: they go on here`,
  async (call) => {
    using _lock = lockFolder(call.config.dataFolder);
    return describe("Restored", await arrive(call, "backup"), call.file);
  },
  { "take-over": "flag" },
);

/** `log export`: the log leaves. */
export const logExportCommand = copyCommand(
  "log export",
  `Usage: ironlog log export FILE [OPTION …]

Move the whole log out of its database, to take it to another: SQLite to PostgreSQL, or
back. Stop every server on it first. The last event that is recorded here tells of it, and
from then on this database refuses every change: a log is in one place. Where the writing
fails, run it again.
${holds}

Take it in with: ironlog log import FILE`,
  async ({ config, tables, machine, file }) => {
    using _lock = lockFolder(config.dataFolder);
    await using open = await openLog(config.database, machine);
    const now = nowMicros();
    const leave = async (): Promise<void> => {
      try {
        await perform(open.db, machine, moveLog, { file: path.basename(file), now });
      } catch (error) {
        // It has left already; this is another copy of how it left.
        if (!(error instanceof Refusal && error.code === "moved")) throw error;
      }
      const signer = await openSigner(
        open.db,
        { keyFile: config.logKeyFile, appendKeys: open.appendKeys, origin: undefined, signsMovedLog: true },
        machine,
        () => {},
      );
      await signer?.sign();
    };
    return describe(
      "Exported",
      await writeCopy({ location: config.database, file, tables, kind: "move", now, before: leave }),
      file,
    );
  },
);

/** `log import`: the log arrives. */
export const logImportCommand = copyCommand(
  "log import",
  `Usage: ironlog log import FILE [OPTION …]

Take a log over from 'ironlog log export', into a database that nobody has used, with its ids,
its tree, its checkpoints and its name. The log is verified before anything counts.
Bring log.key and log.key.checkpoint into the data directory, or name them with --log-key.`,
  async (call) => {
    using _lock = lockFolder(call.config.dataFolder);
    return describe("Imported", await arrive(call, "move"), call.file);
  },
);

/** What is beside the key must be in a log that was moved; a backup may well be older. */
async function arrive({ config, tables, machine, file, takesOver }: CopyCall, kind: CopyKind): Promise<CopyHeader> {
  const checkpointFile = checkpointFileOf(config.logKeyFile);
  const note = kind === "move" ? readCheckpointFile(checkpointFile) : undefined;
  const kept = note === undefined ? [] : [{ note, where: checkpointFile }];
  return readCopy({ location: config.database, file, tables, kind, kept, machine, takesOver });
}

function describe(done: string, { events, users, origin, created }: CopyHeader, file: string): string {
  const name = origin === null ? "a log without a key" : `the log '${origin}'`;
  const size = existsSync(file) ? ` (${statSync(file).size.toLocaleString("en")} bytes)` : "";
  return `${done} ${name} with ${events.toLocaleString("en")} events and ${users.toLocaleString("en")} users, as it was at ${created}: ${file}${size}\n`;
}

interface CopyCall {
  readonly config: DataConfig;
  readonly tables: OwnedTables;
  readonly machine: Actor;
  readonly file: string;
  /** Of a restore. */
  readonly takesOver: boolean;
}

/** A command with one file, which says in one line what it did. */
function copyCommand(
  name: string,
  usage: string,
  work: (call: CopyCall) => Promise<string>,
  own: Readonly<Record<string, "flag">> = {},
): (tables: OwnedTables) => CommandBody {
  return (tables) => ({
    usage: `${usage}\n\n${settingsHelp(dataSettings)}`,
    async run(args) {
      const { config, own: flags, words } = dataConfig(args, own);
      const [file, ...more] = words;
      if (file === undefined || more.length > 0) throw misuse(`ironlog ${name} takes one file: see --help.`);
      const machine = machineActor(osUser());
      await print(await work({ config, tables, machine, file, takesOver: flags.has("take-over") }));
      return exitStatus.success;
    },
  });
}
