import path from "node:path";
import { text } from "node:stream/consumers";
import type { DataConfig } from "../../config.ts";
import { machineActor } from "../../audit/actor.ts";
import { perform } from "../../audit/perform.ts";
import { makeFolder } from "../../database/make-folder.ts";
import { openDatabase } from "../../database/opening.ts";
import { lockFolder } from "../../database/folder-lock.ts";
import { openForReading } from "../../database/reading.ts";
import { type AppendKey, appendKeyFile } from "../../database/writing/append-key-file.ts";
import type { AppendKeys, StoredHead } from "../../database/writing/append-keys.ts";
import { Refusal } from "../../refusal.ts";
import { exitStatus, misuse, refuseWords } from "../../terminal/exit.ts";
import { joinNamedKeys, newNamedKey, writeNamedKeys } from "../../terminal/key-file.ts";
import { osUser } from "../../terminal/os-user.ts";
import { print } from "../../terminal/print.ts";
import { writeWhole } from "../../terminal/whole-file.ts";
import { readHead } from "../../database/writing/read-head.ts";
import { checkpointFileOf, readCheckpointFile } from "../signing/checkpoint-file.ts";
import { acceptHead, useAppendKey } from "../signing/append-actions.ts";
import { verifyLog } from "../verification/verification.ts";
import type { LogCall, LogSubcommand } from "./log-subcommand.ts";

/** `log append-key`: the secrets without which nobody appends to the log. */
export const appendKeyCommand: LogSubcommand = {
  usage: "log append-key show | new | add - | use ID",
  summary: "Show, make, bring or change the keys that append to the log.",
  help: `Every server and command that records needs the key that the log was last appended to with.

  show    Write the keys to standard output. They are secrets: pipe them into the next one.
  new     Make one more key and print its id. It isn't used yet.
  add -   Add the keys on standard input to the file, as on a second server of the same database:
          ironlog log append-key show | ssh SERVER ironlog log append-key add -
  use ID  Append with that key from now on. Add it everywhere before.`,
  own: {},
  async run(call) {
    const [verb, ...words] = call.words;
    const run = verb === undefined || !Object.hasOwn(verbs, verb) ? undefined : verbs[verb];
    if (run === undefined) throw misuse("Give one of: show, new, add -, use ID.");
    await run(call, words);
    return exitStatus.success;
  },
};

type Verb = (call: LogCall, words: readonly string[]) => Promise<void>;

const verbs: Readonly<Record<string, Verb>> = {
  async show({ config }, words) {
    refuseWords(words);
    await using reading = await openForReading(config.database);
    const keys = reading.appendKeys.all();
    if (keys.length === 0) throw new Refusal("not_found", `there is no append key in ${reading.appendKeys.file}`);
    await print(writeNamedKeys(appendKeyFile, keys));
  },

  async new({ config }, words) {
    refuseWords(words);
    await using reading = await openForReading(config.database);
    const key = newNamedKey();
    refuseWithoutKey(reading.appendKeys, await readHead(reading.db));
    write(reading.appendKeys, [...reading.appendKeys.all(), key]);
    await print(`${key.id}\n`);
  },

  async add({ config }, [source, ...more]) {
    if (source !== "-" || more.length > 0) throw misuse("Give the keys on standard input: append-key add -");
    await using reading = await openForReading(config.database);
    const known = reading.appendKeys.all();
    const { given, fresh, all } = joinNamedKeys(appendKeyFile, known, await text(process.stdin));
    write(reading.appendKeys, all);
    await print(`Added ${fresh.length} of ${given.length} keys to ${reading.appendKeys.file}.\n`);
  },

  async use({ config }, [id, ...more]) {
    refuseWords(more);
    if (id === undefined) throw misuse("Give the id of a key: append-key use ID");
    await using open = await openDatabase(config.database);
    if (open.appendKeys.find(id) === undefined) {
      const known = open.appendKeys.all().map((key) => key.id);
      throw new Refusal(
        "not_found",
        `${open.appendKeys.file} has no key '${id}': it has ${known.join(", ") || "none"}`,
      );
    }
    const before = (await readHead(open.db))?.key_id;
    if (before === id) throw new Refusal("conflict", `the log is appended to with '${id}' already`);
    open.appendKeys.use(id);
    const input = { key: id, before: before ?? "none", keys: open.appendKeys };
    await perform(open.db, machineActor(osUser()), useAppendKey, input);
  },
};

/** `log accept-head`: an operator's word that the log is theirs, after its key was lost or somebody else wrote to it. */
export const acceptHeadCommand: LogSubcommand = {
  usage: "log accept-head --reason TEXT",
  summary: "Go on behind a head that this log's append key has not left, and say so in the log.",
  help: `Only with the server stopped. It verifies the whole log first and refuses where a row, the tree or a
checkpoint isn't what was recorded. It can't tell who appended the last events: it records which
they are, and every later verification tells of them. Where the key is lost it makes a new one.

  --reason TEXT
      Why, for those who read the log.`,
  own: { reason: "text" },
  async run({ config, own, words }) {
    refuseWords(words);
    const reason = own.get("reason")?.trim() ?? "";
    if (reason === "" || reason.length > 500 || /\p{Cc}/u.test(reason)) {
      throw misuse("Say why, in at most 500 characters: --reason 'Restored after the disk failed'");
    }
    using _lock = lockFolder(config.dataFolder);
    await using open = await openDatabase(config.database);
    const head = await readHead(open.db);
    const { appendKeys: keys } = open;
    const isBehind = keys.seen !== undefined && head !== undefined && head.last_event_id < keys.seen.size;
    if (head === undefined || (keys.doubtOf(head) === undefined && !isBehind)) {
      throw new Refusal("conflict", "the head of the log is as its append key has left it: there is nothing to accept");
    }
    const root = await verifiedRoot(config, isBehind);
    const from = isBehind ? head.last_event_id : Math.min((keys.seen?.size ?? 0) + 1, head.last_event_id);
    const isKeyLost = keys.all().length === 0;
    keys.accept();
    const range = { from, to: head.last_event_id, root, reason };
    // All rows are what the events have stated: that was just verified.
    await perform(open.db, machineActor(osUser()), acceptHead, { ...range, ...(isKeyLost && { newKeys: keys }) });
    return exitStatus.success;
  },
};

/** The root of a log in which all else is as it was recorded. Refuses with `invalid` where something isn't. */
async function verifiedRoot({ logKeyFile, database }: DataConfig, isBehind: boolean): Promise<string> {
  await using reading = await openForReading(database);
  const file = checkpointFileOf(logKeyFile);
  // A log that was set back is behind that one; its signer wants a new name for it.
  const note = isBehind ? undefined : readCheckpointFile(file);
  const kept = note === undefined ? [] : [{ note, where: file, isBesideKey: true as const }];
  const { root, integrity, completeness } = await verifyLog(reading, { kept, isHeadAccepted: true });
  const [fault] = integrity.faults;
  if (fault === undefined && completeness.verdict === "complete" && root !== null) return root;
  const what = fault === undefined ? "events are missing" : fault.what;
  throw new Refusal(
    "invalid",
    `the log is not what was recorded (${what}): nothing was accepted; see ironlog log verify`,
  );
}

/** A first key is the server's to make; one that is made beside events would look like theirs. */
function refuseWithoutKey(keys: AppendKeys, head: StoredHead | undefined): void {
  if (keys.all().length > 0 || head?.last_event_id === 0) return;
  throw new Refusal(
    "append_key",
    `${keys.file} is not there, and the log has events: bring its key with append-key add, or see ironlog log accept-head`,
  );
}

function write(keys: AppendKeys, all: readonly AppendKey[]): void {
  makeFolder(path.dirname(keys.file));
  writeWhole(keys.file, writeNamedKeys(appendKeyFile, all), "replace");
}
