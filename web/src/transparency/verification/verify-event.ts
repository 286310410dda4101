import { areEqual, concat, fromBase64, utf8 } from "./bytes.ts";
import { findObject, parseCanonical } from "./canonical-json.ts";
import { type Checkpoint, openCheckpoint, type TrustedLog } from "./checkpoint.ts";
import { sha256 } from "./digest.ts";
import { findDifferences, type Recorded, type ShownEvent } from "./recorded-event.ts";
import { type EventProof, parseProof, type EventGroup, eventGroups } from "./tlog-proof.ts";
import { leafHash, verifyInclusion } from "./tree.ts";

/** What is checked of an event, in this order. */
export type StepName = "proof" | "signature" | "leaf" | "inclusion" | EventGroup | "shown";

/** One thing that was checked. Behind a step that failed there are no more. */
export interface Step {
  readonly step: StepName;
  readonly verdict: "holds" | "fails";
  /** A sentence. */
  readonly says: string;
}

/** What this browser has found of an event. */
export type Verdict =
  | { readonly state: "verified"; readonly steps: readonly Step[]; readonly checkpoint: Checkpoint }
  | { readonly state: "not-sealed" }
  | { readonly state: "could-not-check"; readonly reason: string }
  | { readonly state: "broken"; readonly step: StepName; readonly says: string; readonly steps: readonly Step[] };

const groupWords: Readonly<Record<EventGroup, string>> = {
  actor: "The user",
  origin: "The address and the request",
  subject: "The target, the description and the details",
  node: "The node",
  provenance: "What the source says",
};

/** A step has failed: the last one that was written down. */
class DoesNotHold extends Error {}

/**
 * Checks that an event, as the page shows it, is in the log that the trusted key has signed.
 *
 * Whether its checkpoint belongs to what this browser has seen of the log before is for `checkConsistency`.
 */
export async function verifyEvent(event: ShownEvent, proofText: string, trusted: TrustedLog): Promise<Verdict> {
  const steps: Step[] = [];
  try {
    const checkpoint = await walk(event, proofText, trusted, steps);
    return { state: "verified", steps, checkpoint };
  } catch (error) {
    const last = steps.at(-1);
    if (error instanceof DoesNotHold && last !== undefined) {
      return { state: "broken", step: last.step, says: last.says, steps };
    }
    // What else is thrown here is about the checking: code that can't be loaded, a key that is none.
    return { state: "could-not-check", reason: error instanceof Error ? error.message : String(error) };
  }
}

/** What an answer other than a proof means: the server's code and its sentence (RFC 9457). */
export function unproved(code: string, detail: string): Verdict {
  if (code === "not_yet_sealed") return { state: "not-sealed" };
  // The server itself finds the event changed, and proves nothing of it.
  if (code === "damaged") return { state: "broken", step: "proof", says: detail, steps: [] };
  return { state: "could-not-check", reason: detail };
}

/** Writes down each step, up to one that fails. */
async function walk(event: ShownEvent, proofText: string, trusted: TrustedLog, steps: Step[]): Promise<Checkpoint> {
  const proof = parseProof(proofText);
  hold(steps, "proof", proof !== undefined, "The proof can be read.", "The proof can't be read.");

  const signed = await openCheckpoint(proof.note, trusted);
  const why = signed.isSigned ? "" : signed.why;
  hold(steps, "signature", signed.isSigned, `The key of '${trusted.origin}' has signed the checkpoint.`, why);
  const { size, root } = signed.checkpoint;

  const { leaf: leafText, index, path } = proof;
  const leaf = findObject(parseCanonical(leafText)) ?? {};
  const isItsLeaf = leaf["v"] === 1 && leaf["id"] === event.id && index === event.id - 1;
  const id = String(event.id);
  hold(steps, "leaf", isItsLeaf, `The leaf is that of event ${id}.`, `The leaf is not that of event ${id}.`);

  const hash = await leafHash(utf8(leafText));
  const isIn = await verifyInclusion({ leafHash: hash, index, size, root, path });
  const log = `in the log of ${count(size)} events that was signed`;
  hold(steps, "inclusion", isIn, `The leaf is ${log}.`, `The leaf is not ${log}.`);

  const opened = await openGroups(proof, findObject(leaf["commitments"]) ?? {}, steps);
  const different = findDifferences(event, { leaf, leafHash: hash, opened });
  const shows = `What this page shows is not what was recorded: ${different.join(", ")}.`;
  hold(steps, "shown", different.length === 0, "What this page shows is what was recorded.", shows);
  return signed.checkpoint;
}

function hold(steps: Step[], step: StepName, isRight: boolean, right: string, wrong: string): asserts isRight {
  steps.push({ step, verdict: isRight ? "holds" : "fails", says: isRight ? right : wrong });
  if (!isRight) throw new DoesNotHold();
}

/**
 * The members of each group. A server opens all that the leaf commits to, to everyone who may see the event: one that is missing
 * was removed. A group without a commitment was empty.
 */
async function openGroups(
  { opened }: EventProof,
  commitments: Readonly<Record<string, unknown>>,
  steps: Step[],
): Promise<Recorded["opened"]> {
  const groups: Partial<Record<EventGroup, Readonly<Record<string, unknown>> | null>> = {};
  for (const group of eventGroups) {
    const words = groupWords[group];
    const opening = opened[group];
    const recorded = commitments[group];
    if (recorded === undefined) {
      const wrong = `${words} in the proof: nothing was recorded of it.`;
      hold(steps, group, opening === undefined, `${words}: nothing was recorded.`, wrong);
      groups[group] = null;
      continue;
    }
    const commitment = (typeof recorded === "string" ? fromBase64(recorded) : undefined) ?? new Uint8Array();
    const members = opening && findObject(parseCanonical(opening.json));
    const isRight =
      opening !== undefined && areEqual(commitment, await sha256(concat(opening.salt, utf8(opening.json))));
    const wrong =
      opening === undefined
        ? `${words}: missing. It was recorded, and somebody has removed it.`
        : `${words} in the proof: not what was recorded.`;
    hold(steps, group, isRight && members !== undefined, `${words}: as recorded.`, wrong);
    if (members !== undefined) groups[group] = members;
  }
  return groups;
}

function count(number: number): string {
  return number.toLocaleString("en-GB");
}
