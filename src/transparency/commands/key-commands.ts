import { existsSync, renameSync } from "node:fs";
import { type Actor, machineActor } from "../../audit/actor.ts";
import { openLog } from "../../audit/open-log.ts";
import { perform } from "../../audit/perform.ts";
import type { Database } from "../../database/database.ts";
import { openForReading } from "../../database/reading.ts";
import { lockFolder } from "../../database/folder-lock.ts";
import { readingEvents } from "../../database/checking/row-check.ts";
import { Refusal } from "../../refusal.ts";
import { exitStatus, findErrorCode, misuse, refuseWords } from "../../terminal/exit.ts";
import { osUser } from "../../terminal/os-user.ts";
import { print } from "../../terminal/print.ts";
import { writeWhole } from "../../terminal/whole-file.ts";
import { checkpointFileOf, readCheckpointFile } from "../signing/checkpoint-file.ts";
import { proveEvent } from "../proofs/event-proof.ts";
import { renewIdentity } from "../signing/identity-actions.ts";
import type { LogSubcommand } from "./log-subcommand.ts";
import { type LogKey, makeLogKey, newOrigin, parseOrigin, readLogKey } from "../signing/log-key.ts";
import { newIdentity } from "../signing/open-signer.ts";
import { findIdentity, findNewestCheckpoint } from "../queries.ts";

/** `log key`: what others need in order to check. */
export const keyCommand: LogSubcommand = {
  usage: "log key [--json]",
  summary: "Show the log's verifier keys. Keep the first elsewhere: every check starts from it.",
  help: "The first line is the key that signs checkpoints, the second the one that says when.",
  own: { json: "flag" },
  async run({ config, own, words }) {
    refuseWords(words);
    await using reading = await openForReading(config.database);
    const identity = await findIdentity(reading.db);
    if (identity === undefined) throw new Refusal("not_found", "this log has no key yet: ironlog serve makes it");
    const { origin, logKey, cosignerKey } = identity;
    await print(
      own.has("json")
        ? `${JSON.stringify({ origin, log_key: logKey, cosigner_key: cosignerKey }, null, 2)}\n`
        : `${logKey}\n${cosignerKey}\n`,
    );
    return exitStatus.success;
  },
};

/** `log proof`: a proof that can be checked without the log. */
export const proofCommand: LogSubcommand = {
  usage: "log proof ID [-o FILE]",
  summary: "Prove that an event is in the log, as a C2SP tlog-proof.",
  help: `The file holds the event's leaf, the columns that its commitments were made of (its names and
addresses: hand it only to who may see them), and the way to a signed checkpoint.
Check it with: ironlog log check-proof FILE --key KEY

  -o FILE, --output FILE
      Write it to a new file instead of standard output.`,
  own: { output: "text" },
  async run({ config, own, words }) {
    const [id = "", ...more] = words;
    refuseWords(more);
    if (!/^[1-9]\d{0,14}$/.test(id)) throw misuse("Give the id of an event, such as 2570.");
    await using reading = await openForReading(config.database);
    const event = await readingEvents(`Event ${id}`, () =>
      reading.db.selectFrom("event").selectAll().where("id", "=", Number(id)).executeTakeFirst(),
    );
    if (event === undefined) throw new Refusal("not_found", `there is no event ${id}`);
    const proof = await proveEvent(reading.db, event, async () => findNewestCheckpoint(reading.db));
    await writeOut(own.get("output"), proof);
    return exitStatus.success;
  },
};

/** `log renew-identity`: an administrator's consent that the log goes on under a new name. */
export const renewCommand: LogSubcommand = {
  usage: "log renew-identity [--log-origin NAME]",
  summary: "Give the log a new name and new keys, after a restored backup or where its key is lost or stolen.",
  help: `Only with the server stopped. The old key never signs this log again; the first event under the
new name tells of the old one's last checkpoint. The old key's files stay beside the new ones, with
endings such as .1.old: keep them. Hand the new key (ironlog log key) to everybody who has the old one.

  --log-origin NAME
      The new name (default: drawn).`,
  own: { "log-origin": "text" },
  async run({ config, own, words }) {
    refuseWords(words);
    using _lock = lockFolder(config.dataFolder);
    const machine = machineActor(osUser());
    await using open = await openLog(config.database, machine);
    const key = await renew(open.db, machine, config.logKeyFile, own.get("log-origin"));
    await print(`${key.log.text}\n${key.cosigner.text}\n`);
    return exitStatus.success;
  },
};

/** Each step is done again or skipped where it was interrupted: the new key is on disk before the log bears it. */
async function renew(db: Database, machine: Actor, keyFile: string, wanted: string | undefined): Promise<LogKey> {
  const old = await findIdentity(db);
  if (old === undefined) throw new Refusal("conflict", "this log has no key yet: ironlog serve makes it");
  const draft = `${keyFile}.renewed`;
  const begun = readLogKey(draft);
  if (begun !== undefined && wanted !== undefined && begun.log.name !== wanted) {
    throw new Refusal(
      "conflict",
      `${draft} is left of a renewal as '${begun.log.name}': finish that one without --log-origin, or take the file away`,
    );
  }
  const name = wanted === undefined ? newOrigin() : parseOrigin(wanted, "--log-origin");
  if (begun === undefined && name === old.origin) {
    throw new Refusal("invalid", `the log is called '${old.origin}' already: give a new name`);
  }
  const key = begun ?? makeLogKey(draft, name);
  if (key.log.text !== old.logKey) {
    const lastCheckpoint = readCheckpointFile(checkpointFileOf(keyFile)) ?? null;
    await perform(db, machine, renewIdentity, { identity: newIdentity(key), lastCheckpoint });
  }
  setAside(keyFile);
  setAside(checkpointFileOf(keyFile));
  renameSync(draft, keyFile);
  return key;
}

/** An old key is never overwritten: what it has signed must stay checkable. */
function setAside(file: string): void {
  for (let number = 1; ; number += 1) {
    const aside = `${file}.${number}.old`;
    if (existsSync(aside)) continue;
    try {
      renameSync(file, aside);
    } catch (error) {
      if (findErrorCode(error) !== "ENOENT") throw error;
    }
    return;
  }
}

/** Writes to a file that isn't there yet, or to standard output. */
export async function writeOut(file: string | undefined, text: string): Promise<void> {
  if (file === undefined) return print(text);
  try {
    writeWhole(file, text, "refuse");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal("invalid", `cannot write ${file} (${reason})`, { cause: error });
  }
}
