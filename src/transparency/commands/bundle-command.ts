import { mkdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { machineActor } from "../../audit/actor.ts";
import { openLog } from "../../audit/open-log.ts";
import { perform } from "../../audit/perform.ts";
import type { OpenDatabase } from "../../database/database.ts";
import { downloadName } from "../../events/exporting/downloads.ts";
import { measureExport } from "../../events/exporting/export.ts";
import { recordExport } from "../../events/exporting/export-actions.ts";
import { parseFilterWords } from "../../events/filter/filter-words.ts";
import { shownFilter, parseFilter } from "../../events/filter/native-filter.ts";
import { Refusal } from "../../refusal.ts";
import { exitStatus, misuse } from "../../terminal/exit.ts";
import { osUser } from "../../terminal/os-user.ts";
import { print } from "../../terminal/print.ts";
import { draftFile, draftFolder, whyNotMade } from "../../terminal/whole-file.ts";
import { nowMicros } from "../../time.ts";
import { bundleOf } from "../bundles/bundle.ts";
import { type SizedFile, tarOf } from "../bundles/tar.ts";
import { checkpointFileOf } from "../signing/checkpoint-file.ts";
import type { LogSubcommand } from "./log-subcommand.ts";
import { readLogKey } from "../signing/log-key.ts";
import { findIdentity, findNewestCheckpoint, type Identity, type StoredCheckpoint } from "../queries.ts";
import { Signer } from "../signing/signer.ts";

/** Whoever may read the data directory may read all of it. */
const localViewer = { id: 0, username: "", isSuperuser: true };

/** `log bundle`: evidence that others can check. */
export const bundleCommand: LogSubcommand = {
  usage: "log bundle [FILTER=VALUE …] -o DIR|FILE.tar",
  summary: "Write matching events with their proofs to a new folder or archive, to be checked offline.",
  help: `The filters are those of 'ironlog events export'. The bundle is recorded in the log. It holds all
columns of its events: hand it only to who may see them.

  -o DIR, --output DIR
      A folder that isn't there yet, or a file that ends in .tar and isn't there yet. It is
      there, whole, when the bundle is done, and only then.`,
  own: { output: "text" },
  async run({ config, own, words }) {
    const place = own.get("output");
    if (place === undefined) throw misuse("Give -o: the folder for the bundle, or a file that ends in .tar.");
    const given = parseFilterWords(words);
    const filter = parseFilter(given);
    using draft = orRefusal(place, () => (isArchive(place) ? draftFile(place, "refuse") : draftFolder(place)));
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
    const wanted = { viewer: localViewer, filter, words, upToId, identity, checkpoint, check: async () => {} };
    let count = 0;
    const files = counting(bundleOf(db, wanted), (found) => (count = found));
    if (isArchive(place)) await writeArchive(draft.path, files);
    else await writeFolder(draft.path, files);
    orRefusal(place, () => draft.keep());
    await print(`${count} events with their proofs: ${place}\n`);
    return exitStatus.success;
  },
};

function isArchive(place: string): boolean {
  return place.endsWith(".tar");
}

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

/** Passes the files on, and tells of how many events they are at their end. */
async function* counting(
  files: AsyncGenerator<SizedFile, number, undefined>,
  tell: (count: number) => void,
): AsyncGenerator<SizedFile, void, undefined> {
  tell(yield* files);
}

/** Its folder isn't named like the archive: names in an archive have 100 bytes at most. */
async function writeArchive(archive: string, files: AsyncIterable<SizedFile>): Promise<void> {
  const now = nowMicros();
  await writeFile(archive, tarOf(files, downloadName(now), Math.floor(now / 1_000_000)), { flag: "r+" });
}

async function writeFolder(folder: string, files: AsyncIterable<SizedFile>): Promise<void> {
  mkdirSync(path.join(folder, "proofs"), { mode: 0o700 });
  for await (const { name, chunks } of files) {
    await writeFile(path.join(folder, name), chunks, { flag: "wx", mode: 0o600 });
  }
}

function orRefusal<Result>(place: string, make: () => Result): Result {
  try {
    return make();
  } catch (error) {
    throw new Refusal("invalid", `cannot make ${place} ${whyNotMade(error)}`, { cause: error });
  }
}
