import { isDeepStrictEqual } from "node:util";
import { Refusal } from "../../refusal.ts";
import { levelName } from "../../events/filter/level.ts";
import { typeWords } from "../../events/rendering/maas-rendering.ts";
import { parseCheckpoint } from "../../verifiable-log/checkpoint.ts";
import { leafHash } from "../../verifiable-log/leaf.ts";
import { checkNote, parseNote, type Verifier } from "../../verifiable-log/signed-note.ts";
import {
  type CheckedProof,
  checkProof,
  type EventProof,
  parseProof,
  withheldGroups,
} from "../../verifiable-log/tlog-proof.ts";
import { oneLine } from "./one-line.ts";
import { reading, refuseChangedLineEnds, Unreadable } from "../../verifiable-log/unreadable.ts";

const proofsFolder = "proofs/";

/** The names of a bundle's files. */
export const bundleFiles = {
  events: "events.ndjson",
  checkpoint: "checkpoint",
  policy: "policy",
  readme: "README",
  proof: (id: number): string => `${proofsFolder}${id}.tlog-proof`,
} as const;

/** What is checked: files of others, which may be anything. */
export interface CheckedBundle {
  /** The names of its files. */
  readonly files: readonly string[];
  /** A file as a whole. Throws Unreadable where it is there and can't be read. */
  read(name: string): string;
  /** A file of any length, line by line; throws as `read` does. */
  lines(name: string): Iterable<string>;
}

export interface BundleResult {
  readonly origin: string;
  /** The log's size at the checkpoint. */
  readonly size: number;
  readonly events: number;
  /** Groups that a proof doesn't show: whoever passed the bundle on has withheld them. */
  readonly hidden: readonly { readonly event: number; readonly groups: readonly string[] }[];
  /** In words; none if all of it holds. */
  readonly faults: readonly string[];
  /** What is not in the form that it should have, in words: nothing can be said of it. */
  readonly unreadable: readonly string[];
  /** Files of which nothing is said: nobody has signed what they hold. */
  readonly unchecked: readonly string[];
}

/** Checks that every event of a bundle is what was recorded, and in the log that its checkpoint signs. Refuses with `invalid` what is no bundle. */
export function checkBundle(bundle: CheckedBundle, trusted: readonly Verifier[]): BundleResult {
  if (!bundle.files.includes(bundleFiles.checkpoint)) {
    throw new Refusal("invalid", `this is no bundle of evidence: it has no file '${bundleFiles.checkpoint}'`);
  }
  const complaints = new Complaints();
  const { note, origin, size } = checkHead(bundle, trusted, complaints);
  const { events, hidden } = checkEvents(bundle, { trusted, note }, complaints);
  const checkedFiles: readonly string[] = [bundleFiles.checkpoint, bundleFiles.policy, bundleFiles.events];
  return {
    origin,
    size,
    events,
    hidden,
    ...complaints.lists(),
    unchecked: bundle.files.filter((name) => !checkedFiles.includes(name) && !name.startsWith(proofsFolder)),
  };
}

/** Of more complaints it is only said how many they are: each line of a long file may be wrong. */
const listedMax = 1_000;

/** What is wrong with a bundle, with a bound. */
class Complaints {
  readonly #faults = { list: [] as string[], more: 0 };
  readonly #unreadable = { list: [] as string[], more: 0 };

  /** Runs a check and keeps what it throws; false where something can't be read. */
  noting(where: string, check: () => void): boolean {
    try {
      check();
      return true;
    } catch (error) {
      const isUnreadable = error instanceof Unreadable;
      const kept = isUnreadable ? this.#unreadable : this.#faults;
      if (kept.list.length >= listedMax) kept.more += 1;
      else kept.list.push(oneLine(`${where}: ${error instanceof Error ? error.message : String(error)}`));
      return !isUnreadable;
    }
  }

  lists(): Pick<BundleResult, "faults" | "unreadable"> {
    const listOf = ({ list, more }: { readonly list: readonly string[]; readonly more: number }): readonly string[] =>
      more === 0 ? list : [...list, `and ${more} more`];
    return { faults: listOf(this.#faults), unreadable: listOf(this.#unreadable) };
  }
}

/** What all of a bundle leads to. The note is undefined where it can't be read. */
function checkHead(bundle: CheckedBundle, trusted: readonly Verifier[], complaints: Complaints) {
  let head: { readonly note?: string; readonly origin: string; readonly size: number } = { origin: "", size: 0 };
  complaints.noting(bundleFiles.checkpoint, () => {
    const note = bundle.read(bundleFiles.checkpoint);
    head = { note, ...checkBundleNote(note, trusted) };
  });
  complaints.noting(bundleFiles.policy, () => {
    if (!bundle.files.includes(bundleFiles.policy)) throw new Error("it is missing");
    if (policyNames(bundle.read(bundleFiles.policy), head, trusted)) return;
    throw new Error("it names another key than the one that is trusted here");
  });
  return head;
}

/** Each line against its proof. The lines come in the order of ids, so that none is there twice. */
function checkEvents(
  bundle: CheckedBundle,
  { trusted, note }: { readonly trusted: readonly Verifier[]; readonly note: string | undefined },
  complaints: Complaints,
): Pick<BundleResult, "events" | "hidden"> {
  const proofs = new Set(bundle.files.filter((name) => name.startsWith(proofsFolder)));
  const hidden: { readonly event: number; readonly groups: readonly string[] }[] = [];
  let [number, events, lastId] = [0, 0, 0];
  const checkLine = (line: string): void => {
    const { id, members } = parseEvent(line);
    const isProved = proofs.delete(bundleFiles.proof(id));
    if (JSON.stringify(members) !== line) throw new Error("it is not written as Ironlog writes it");
    if (id <= lastId) throw new Error(`event ${id} stands behind event ${lastId}: each comes once, oldest first`);
    [events, lastId] = [events + 1, id];
    if (!isProved) throw new Error(`${bundleFiles.proof(id)} is missing`);
    const proof = parseProof(bundle.read(bundleFiles.proof(id)));
    if (note !== undefined && proof.note !== note)
      throw new Error("its proof is against another checkpoint than the bundle's");
    const checked = checkProof(proof, trusted);
    const closed = withheldGroups(checked);
    if (closed.length > 0) hidden.push({ event: id, groups: closed });
    refuseDifference(members, asRecorded(proof, checked));
  };
  let isWhole = true;
  const isRead = complaints.noting(bundleFiles.events, () => {
    for (const line of bundle.lines(bundleFiles.events)) {
      number += 1;
      refuseChangedLineEnds(`${line}\n`);
      if (line === "") continue;
      if (!complaints.noting(`${bundleFiles.events} line ${number}`, () => checkLine(line))) isWhole = false;
    }
  });
  // Where a line can't be read, a proof belongs to it.
  for (const name of isRead && isWhole ? proofs : []) {
    complaints.noting(name, () => {
      throw new Error(`no line of ${bundleFiles.events} belongs to it`);
    });
  }
  return { events, hidden };
}

/** The checkpoint that everything leads to must be signed by a trusted key, whether or not anything is proved by it. */
function checkBundleNote(note: string, trusted: readonly Verifier[]): Pick<BundleResult, "origin" | "size"> {
  refuseChangedLineEnds(note);
  const signed = reading(() => parseNote(note));
  const { origin, size } = reading(() => parseCheckpoint(signed.text));
  const isSigned = checkNote(signed, trusted).some(
    ({ verifier }) => verifier.kind === "log" && verifier.name === origin,
  );
  if (!isSigned) throw new Error(`the key of '${origin}' that is trusted here has not signed it`);
  return { origin, size };
}

/** The policy is one line, which names the key of the log whose checkpoint this is (C2SP tlog-policy). */
function policyNames(
  policy: string,
  { note, origin }: { note?: string; origin: string },
  trusted: readonly Verifier[],
) {
  refuseChangedLineEnds(policy);
  return trusted.some(
    ({ kind, name, text }) => kind === "log" && (note === undefined || name === origin) && policy === `log ${text}\n`,
  );
}

function parseEvent(line: string): { readonly id: number; readonly members: Readonly<Record<string, unknown>> } {
  const value: unknown = reading(() => JSON.parse(line));
  if (typeof value !== "object" || value === null || !("id" in value) || typeof value.id !== "number") {
    throw new Error("it is no event");
  }
  return { id: value.id, members: { ...value } };
}

/** What the event must say, by the names that the native API has for it. */
function asRecorded({ event }: EventProof, { leaf, opened }: CheckedProof): Readonly<Record<string, unknown>> {
  const { v: _v, commitments: _commitments, level, created, occurred = created, ...lasting } = leaf;
  const { details = null, ...subject } = { ...opened.subject };
  const { reporter_id: _reporter, ...origin } = { ...opened.origin };
  return {
    ...lasting,
    level: levelName(Number(level)),
    created,
    occurred,
    ...opened.actor,
    ...origin,
    ...subject,
    ...(opened.subject !== undefined && { details: typeof details === "string" ? JSON.parse(details) : null }),
    ...opened.node,
    ...opened.provenance,
    // A mirrored MAAS may have words of its own.
    type_words: opened.provenance?.["source_type_words"] ?? typeWords(String(lasting["type"])),
    leaf_hash: leafHash(Buffer.from(event.leaf, "utf8")).toString("base64"),
  };
}

function refuseDifference(shown: Readonly<Record<string, unknown>>, recorded: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(recorded)) {
    if (!isDeepStrictEqual(shown[name], value)) throw new Error(`its '${name}' is not what was recorded`);
  }
  // Of a group that the proof doesn't show nothing can be claimed but that there is nothing.
  const unproved = Object.entries(shown).find(([name, value]) => !Object.hasOwn(recorded, name) && value !== null);
  if (unproved !== undefined) throw new Error(`nothing proves its '${unproved[0]}'`);
}
