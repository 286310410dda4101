import type { Viewer } from "../../audit/actor.ts";
import { refuseDamaged } from "../../database/checking/row-check.ts";
import type { Database } from "../../database/database.ts";
import type { EventTable } from "../../database/tables.ts";
import { walkExport } from "../../events/exporting/export.ts";
import type { EventFilter } from "../../events/filter/filter.ts";
import { nativeEvent } from "../../events/rendering/native-event.ts";
import { shellWord } from "../../terminal/shell/shell-word.ts";
import { remembering } from "../../verifiable-log/proof.ts";
import { proveEvent } from "../proofs/event-proof.ts";
import { type Identity, type StoredCheckpoint, subtreeReader } from "../queries.ts";
import { bundleFiles } from "../verification/bundle-check.ts";
import type { SizedFile } from "./tar.ts";

export interface Bundle {
  readonly viewer: Viewer;
  readonly filter: EventFilter;
  /** The filter in words, as it was given: `owner=ada`. */
  readonly words: readonly string[];
  /** No event above this id; the checkpoint covers it. */
  readonly upToId: number;
  readonly identity: Identity;
  readonly checkpoint: StoredCheckpoint;
  /** Called before each page: throws where nothing more may be read. */
  check(): Promise<void>;
}

/**
 * Evidence that others can check, file by file: each proof as its event is read, then all events, which are read once more, since
 * only then their length is known. So it costs no more memory than a page. Refuses with `damaged` an event that is not what was
 * recorded.
 */
export async function* bundleOf(db: Database, bundle: Bundle): AsyncGenerator<SizedFile, number, undefined> {
  const { identity, checkpoint } = bundle;
  yield fileOf(bundleFiles.checkpoint, checkpoint.note);
  yield fileOf(bundleFiles.policy, `log ${identity.logKey}\n`);
  const source = { checkpoint, read: remembering(subtreeReader(db)) };
  let [count, size] = [0, 0];
  for await (const events of eventsOf(db, bundle)) {
    for (const event of events) {
      yield fileOf(bundleFiles.proof(event.id), await proveEvent(db, event, async () => checkpoint, source));
      count += 1;
      size += Buffer.byteLength(line(event));
    }
  }
  yield { name: bundleFiles.events, size, chunks: linesOf(db, bundle) };
  yield fileOf(bundleFiles.readme, readme(bundle, count));
  return count;
}

function eventsOf(db: Database, { viewer, filter, upToId, check }: Bundle) {
  return walkExport(db, { viewer, filter, order: "oldest", upToId, check });
}

async function* linesOf(db: Database, bundle: Bundle): AsyncGenerator<string, void, undefined> {
  for await (const events of eventsOf(db, bundle)) {
    events.forEach(refuseDamaged);
    yield events.map(line).join("");
  }
}

function line(event: EventTable): string {
  return `${JSON.stringify(nativeEvent(event))}\n`;
}

function fileOf(name: string, content: string): SizedFile {
  return { name, size: Buffer.byteLength(content), chunks: [content] };
}

function readme({ identity, checkpoint: { size }, words }: Bundle, count: number): string {
  return `Evidence from the log '${identity.origin}': ${count} events, with the proof that each is in the log of ${size}
events that it has signed. Asked for: ${words.length === 0 ? "all events" : words.map(shellWord).join(" ")}.

  ${bundleFiles.events}   the events, oldest first, one a line
  proofs/         a C2SP tlog-proof for each
  ${bundleFiles.checkpoint}      the signed checkpoint that all proofs lead to
  ${bundleFiles.policy}          the log's key, as the log itself names it

Check it, without the log and without a network, against the log's key from a place that you
trust (not from this folder). Name this folder, or the archive that it came in:

  ironlog log check-bundle . --key KEY

It shows that these events were recorded so, and not changed since; not that there are no others.
`;
}
