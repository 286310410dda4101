import { isDeepStrictEqual } from "node:util";
import { levelName } from "../events/level.ts";
import { leafHash } from "../verifiable-log/leaf.ts";
import type { Verifier } from "../verifiable-log/signed-note.ts";
import { type CheckedProof, checkProof, type EventProof, parseProof } from "../verifiable-log/tlog-proof.ts";

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
  /** In words; none if all of it holds. */
  readonly faults: readonly string[];
}

/** Checks that every event of a bundle is what was recorded, and in the log that its checkpoint signs. */
export function checkBundle(
  read: (name: string) => string,
  files: readonly string[],
  trusted: readonly Verifier[],
): BundleResult {
  const faults: string[] = [];
  const note = read(bundleFiles.checkpoint);
  let first: CheckedProof | undefined;
  const ids = new Set<number>();
  for (const [index, line] of lines(read(bundleFiles.events)).entries()) {
    const where = `${bundleFiles.events} line ${index + 1}`;
    try {
      const event = parseEvent(line);
      if (ids.has(event.id)) throw new Error(`event ${event.id} is there twice`);
      ids.add(event.id);
      const proof = parseProof(read(bundleFiles.proof(event.id)));
      if (proof.note !== note) throw new Error("its proof is against another checkpoint than the bundle's");
      const checked = checkProof(proof, trusted);
      first ??= checked;
      refuseDifference(event.members, asRecorded(proof, checked));
    } catch (error) {
      faults.push(`${where}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const surplus = files.filter((name) => name.startsWith("proofs/") && !ids.has(idIn(name)));
  for (const name of surplus) faults.push(`${name}: no line of ${bundleFiles.events} belongs to it`);
  return { origin: first?.origin ?? "", size: first?.size ?? 0, events: ids.size, faults };
}

function lines(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "");
}

function idIn(name: string): number {
  return Number(/^proofs\/(\d+)\.tlog-proof$/.exec(name)?.[1] ?? Number.NaN);
}

function parseEvent(line: string): { readonly id: number; readonly members: Readonly<Record<string, unknown>> } {
  const value: unknown = JSON.parse(line);
  if (typeof value !== "object" || value === null || !("id" in value) || typeof value.id !== "number") {
    throw new Error("it is no event");
  }
  return { id: value.id, members: { ...value } };
}

/** What the event must say, by the names that the native API has for it. */
function asRecorded({ event }: EventProof, { leaf, opened }: CheckedProof): Readonly<Record<string, unknown>> {
  const { v: _v, sealed: _sealed, level, created, occurred = created, ...lasting } = leaf;
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
    leaf_hash: leafHash(Buffer.from(event.leaf, "utf8")).toString("base64"),
  };
}

function refuseDifference(shown: Readonly<Record<string, unknown>>, recorded: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(recorded)) {
    if (!isDeepStrictEqual(shown[name], value)) throw new Error(`its '${name}' is not what was recorded`);
  }
  // The words for a type follow from it; anything else that is shown must have been proved.
  const unproved = Object.entries(shown).find(
    ([name, value]) => !(name in recorded) && name !== "type_words" && value !== null,
  );
  if (unproved !== undefined) throw new Error(`nothing proves its '${unproved[0]}'`);
}
