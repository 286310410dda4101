import { isDeepStrictEqual } from "node:util";
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
import { reading, refuseChangedLineEnds, Unreadable } from "../../verifiable-log/unreadable.ts";

/** The names of a bundle's files. */
export const bundleFiles = {
  events: "events.ndjson",
  checkpoint: "checkpoint",
  policy: "policy",
  readme: "README",
  proof: (id: number): string => `proofs/${id}.tlog-proof`,
} as const;

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
}

/** Checks that every event of a bundle is what was recorded, and in the log that its checkpoint signs. */
export function checkBundle(
  read: (name: string) => string,
  files: readonly string[],
  trusted: readonly Verifier[],
): BundleResult {
  const [faults, unreadable]: [string[], string[]] = [[], []];
  /** Runs a check, and keeps what it throws. */
  const noting = (where: string, check: () => void): void => {
    try {
      check();
    } catch (error) {
      const list = error instanceof Unreadable ? unreadable : faults;
      list.push(`${where}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const note = read(bundleFiles.checkpoint);
  let [origin, size] = ["", 0];
  noting(bundleFiles.checkpoint, () => ({ origin, size } = checkBundleNote(note, trusted)));
  const isNoteRead = unreadable.length === 0;
  noting(bundleFiles.policy, () => {
    if (files.includes(bundleFiles.policy) && policyNames(read(bundleFiles.policy), trusted)) return;
    throw new Error("it names another key than the one that is trusted here");
  });
  const ids = new Set<number>();
  const hidden: { readonly event: number; readonly groups: readonly string[] }[] = [];
  let written: readonly string[] = [];
  noting(bundleFiles.events, () => (written = lines(read(bundleFiles.events))));
  for (const [index, line] of written.entries()) {
    noting(`${bundleFiles.events} line ${index + 1}`, () => {
      const event = parseEvent(line);
      if (JSON.stringify(event.members) !== line) throw new Error("it is not written as Ironlog writes it");
      if (ids.has(event.id)) throw new Error(`event ${event.id} is there twice`);
      ids.add(event.id);
      const proof = parseProof(read(bundleFiles.proof(event.id)));
      if (isNoteRead && proof.note !== note)
        throw new Error("its proof is against another checkpoint than the bundle's");
      const checked = checkProof(proof, trusted);
      const closed = withheldGroups(checked);
      if (closed.length > 0) hidden.push({ event: event.id, groups: closed });
      refuseDifference(event.members, asRecorded(proof, checked));
    });
  }
  const proofs = new Set([...ids].map((id) => bundleFiles.proof(id)));
  // Where a line can't be read, its proof belongs to it.
  const isWhole = !unreadable.some((fault) => fault.startsWith(bundleFiles.events));
  const surplus = files.filter((name) => isWhole && name.startsWith("proofs/") && !proofs.has(name));
  for (const name of surplus) faults.push(`${name}: no line of ${bundleFiles.events} belongs to it`);
  return { origin, size, events: ids.size, hidden, faults, unreadable };
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

/** The policy is one line, which names the log's key (C2SP tlog-policy). */
function policyNames(policy: string, trusted: readonly Verifier[]): boolean {
  refuseChangedLineEnds(policy);
  return trusted.some(({ kind, text }) => kind === "log" && policy === `log ${text}\n`);
}

function lines(text: string): readonly string[] {
  refuseChangedLineEnds(text);
  return text.split("\n").filter((line) => line !== "");
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
    type_words: typeWords(String(lasting["type"])),
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
