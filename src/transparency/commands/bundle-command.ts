import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { machineActor } from "../../audit/actor.ts";
import { openLog } from "../../audit/open-log.ts";
import { perform } from "../../audit/perform.ts";
import type { Database, OpenDatabase } from "../../database/database.ts";
import { eventColumns } from "../../database/event-columns.ts";
import type { EventTable } from "../../database/tables.ts";
import { measureExport } from "../../events/exporting/export.ts";
import { recordExport } from "../../events/exporting/export-actions.ts";
import { parseFilterWords } from "../../events/filter/filter-words.ts";
import type { EventFilter } from "../../events/filter/filter.ts";
import { nativeEvent } from "../../events/rendering/native-event.ts";
import { shownFilter, parseFilter } from "../../events/filter/native-filter.ts";
import { readPage, walkPages } from "../../events/query/page.ts";
import { Refusal } from "../../refusal.ts";
import { remembering } from "../../verifiable-log/proof.ts";
import { exitStatus, misuse } from "../../terminal/exit.ts";
import { osUser } from "../../terminal/os-user.ts";
import { print } from "../../terminal/print.ts";
import { draftFolder, whyNotMade } from "../../terminal/whole-file.ts";
import { bundleFiles } from "../verification/bundle-check.ts";
import { checkpointFileOf } from "../signing/checkpoint-file.ts";
import { type ProofSource, proveEvent } from "../proofs/event-proof.ts";
import type { LogSubcommand } from "./log-subcommand.ts";
import { readLogKey } from "../signing/log-key.ts";
import { findIdentity, findNewestCheckpoint, type Identity, type StoredCheckpoint, subtreeReader } from "../queries.ts";
import { Signer } from "../signing/signer.ts";

const pageSize = 200;
const entriesAtOnce = 5_000;
/** Whoever may read the data directory may read all of it. */
const localViewer = { id: 0, username: "", isSuperuser: true };

/** `log bundle`: evidence that others can check. */
export const bundleCommand: LogSubcommand = {
  usage: "log bundle [FILTER=VALUE …] -o DIR",
  summary: "Write matching events with their proofs to a new folder, to be checked offline.",
  help: `The filters are those of 'ironlog events export'. The bundle is recorded in the log. It holds all
columns of its events: hand it only to who may see them.

  -o DIR, --output DIR
      A folder that isn't there yet. It is there, whole, when the bundle is done, and only then.`,
  own: { output: "text" },
  async run({ config, own, words }) {
    const folder = own.get("output");
    if (folder === undefined) throw misuse("Give -o: the folder for the bundle.");
    const given = parseFilterWords(words);
    const filter = parseFilter(given);
    using draft = orRefusal(folder, () => draftFolder(folder));
    const machine = machineActor(osUser());
    await using open = await openLog(config.database, machine);
    const { db } = open;
    const extent = await measureExport(db, localViewer, filter);
    const { upToId } = extent;
    await perform(db, machine, recordExport, {
      format: "bundle",
      order: "oldest",
      shown: shownFilter(given),
      ...extent,
    });
    const identity = await findIdentity(db);
    if (identity === undefined) throw new Refusal("not_found", "this log has no key yet: ironlog serve makes it");
    const checkpoint = await coveringCheckpoint(open, config.logKeyFile, identity, upToId);
    const count = await writeEvents(db, draft.path, { filter, upToId }, checkpoint);
    write(draft.path, bundleFiles.checkpoint, checkpoint.note);
    write(draft.path, bundleFiles.policy, `log ${identity.logKey}\n`);
    write(draft.path, bundleFiles.readme, readme(identity, checkpoint, count, words));
    orRefusal(folder, () => draft.keep());
    await print(`${count} events with their proofs: ${folder}\n`);
    return exitStatus.success;
  },
};

/** A checkpoint over all that is to be proved: the newest one, or one that is signed here and now. */
async function coveringCheckpoint(
  { db, appendKeys }: OpenDatabase,
  keyFile: string,
  identity: Identity,
  upToId: number,
): Promise<StoredCheckpoint> {
  const key = readLogKey(keyFile);
  if (key !== undefined && key.log.text === identity.logKey) {
    const signer = new Signer({
      db,
      key,
      appendKeys,
      checkpointFile: checkpointFileOf(keyFile),
      warn: () => {},
    });
    const signed = await signer.sign();
    if (signed !== undefined) return signed;
    if (signer.trouble !== undefined) throw new Refusal("not_yet_sealed", signer.trouble);
  }
  const newest = await findNewestCheckpoint(db);
  if (newest !== undefined && newest.size >= upToId) return newest;
  throw new Refusal(
    "not_yet_sealed",
    "no checkpoint covers these events yet, and the log's key is not here: try again soon",
  );
}

async function writeEvents(
  db: Database,
  folder: string,
  { filter, upToId }: { readonly filter: EventFilter; readonly upToId: number },
  checkpoint: StoredCheckpoint,
): Promise<number> {
  let count = 0;
  write(folder, bundleFiles.events, "");
  mkdirSync(path.join(folder, "proofs"), { mode: 0o700 });
  const source: ProofSource = { checkpoint, read: remembering(subtreeReader(db)) };
  // SQLite answers without waiting: between pages signals are noticed.
  const pages = walkPages<keyof EventTable>({ kind: "after", id: 0 }, pageSize, (window) =>
    readPage(db, localViewer, {
      columns: eventColumns,
      filter,
      window,
      limit: pageSize,
      entriesMax: entriesAtOnce,
      upToId,
    }),
  );
  for await (const page of pages) {
    const events = page.events.toReversed();
    for (const event of events) {
      const proof = await proveEvent(db, event, async () => checkpoint, source);
      write(folder, bundleFiles.proof(event.id), proof);
    }
    const lines = events.map((event) => `${JSON.stringify(nativeEvent(event))}\n`).join("");
    writeFileSync(path.join(folder, bundleFiles.events), lines, { flag: "a" });
    count += events.length;
  }
  return count;
}

function orRefusal<Result>(folder: string, make: () => Result): Result {
  try {
    return make();
  } catch (error) {
    throw new Refusal("invalid", `cannot make ${folder} ${whyNotMade(error)}`, { cause: error });
  }
}

function write(folder: string, name: string, content: string): void {
  writeFileSync(path.join(folder, name), content, { flag: "wx", mode: 0o600 });
}

function readme(identity: Identity, { size }: StoredCheckpoint, count: number, words: readonly string[]): string {
  return `Evidence from the log '${identity.origin}': ${count} events, with the proof that each is in the log of ${size}
events that it has signed. Asked for: ${words.length === 0 ? "all events" : words.join(" ")}.

  ${bundleFiles.events}   the events, oldest first, one a line
  proofs/         a C2SP tlog-proof for each
  ${bundleFiles.checkpoint}      the signed checkpoint that all proofs lead to
  ${bundleFiles.policy}          the log's key, as the log itself names it

Check it, without the log and without a network, against the log's key from a place that you
trust (not from this folder):

  ironlog log check-bundle . --key KEY

It shows that these events were recorded so, and not changed since; not that there are no others.
`;
}
