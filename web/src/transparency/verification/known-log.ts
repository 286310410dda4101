import { fromBase64, toBase64 } from "./bytes.ts";
import { findObject } from "./canonical-json.ts";
import type { Checkpoint, TrustedLog } from "./checkpoint.ts";
import { checkGrowth, type ReadTile } from "./growth.ts";

/** A log as this browser has seen it: its name and key, and a checkpoint that was signed with it. */
export interface SeenLog extends TrustedLog {
  readonly checkpoint: Checkpoint;
}

/** Where a browser keeps what it knows: `localStorage`, or as much of it as is needed. */
export type LogMemory = Pick<Storage, "getItem" | "setItem">;

/** What somebody learns who meets the log again. */
export type Consistency =
  | { readonly state: "first-seen" | "unchanged" | "grown" }
  /** Another name: wait until somebody has acknowledged it. */
  | { readonly state: "changed-identity"; readonly known: SeenLog; readonly seen: SeenLog }
  | { readonly state: "could-not-check"; readonly reason: string }
  /** For the whole page. */
  | { readonly state: "broken"; readonly says: string; readonly known: SeenLog; readonly seen: SeenLog };

const place = "ironlog.log";

/**
 * Asks for the log and holds it against what this browser knew *before* it asked: an answer that was under way while another
 * one came is allowed to be the older of the two. What it saw is remembered if all is well and it is the longest so far.
 *
 * A log that was restored from a backup, or whose key was lost, goes on under a new name with a new key (`ironlog log
 * renew-identity`): `changed-identity`. Nothing can show that it is the same log, so nothing is taken over until somebody who
 * knows of it says so: `acknowledgeIdentity`. The same name with another key, a shorter log, and one that doesn't begin with
 * the one that was known are what must never be: `broken`. Nothing is remembered of them.
 *
 * `ask` gives a checkpoint whose signature was checked (`openCheckpoint`, `verifyEvent`). What it throws, this throws.
 */
export async function checkConsistency(
  memory: LogMemory,
  ask: () => Promise<SeenLog>,
  readTile: ReadTile,
): Promise<Consistency> {
  const before = findKnownLog(memory);
  const seen = await ask();
  const strange = before === undefined ? undefined : (compareIdentity(before, seen) ?? compareSize(before, seen));
  if (strange !== undefined) return strange;
  // Another tab may have come to know more in the meantime.
  const known = findKnownLog(memory) ?? before;
  if (known !== undefined) return compareIdentity(known, seen) ?? compareTree(known, seen, memory, readTile);
  remember(memory, seen);
  return { state: "first-seen" };
}

/** Takes the log under its new name for the one that this browser knows from now on. Somebody must have been asked. */
export function acknowledgeIdentity(memory: LogMemory, seen: SeenLog): void {
  remember(memory, seen);
}

/** What this browser knows of the log; undefined if it has never seen it. */
export function findKnownLog(memory: LogMemory): SeenLog | undefined {
  try {
    const { origin, vkey, size, root, note } = findObject(JSON.parse(memory.getItem(place) ?? "null")) ?? {};
    const bytes = typeof root === "string" ? fromBase64(root) : undefined;
    if (typeof origin !== "string" || typeof vkey !== "string" || typeof note !== "string") return undefined;
    if (bytes === undefined || !Number.isSafeInteger(size)) return undefined;
    return { origin, vkey, checkpoint: { origin, size: Number(size), root: bytes, note } };
  } catch {
    // A browser that keeps nothing, or nothing that can be read, has nothing to compare with.
    return undefined;
  }
}

function compareIdentity(known: SeenLog, seen: SeenLog): Consistency | undefined {
  if (known.origin !== seen.origin) return { state: "changed-identity", known, seen };
  if (known.vkey === seen.vkey) return undefined;
  return { state: "broken", says: `'${seen.origin}' has another key than this browser has seen.`, known, seen };
}

function compareSize(known: SeenLog, seen: SeenLog): Consistency | undefined {
  const [knownSize, size] = [known.checkpoint.size, seen.checkpoint.size];
  if (size >= knownSize) return undefined;
  const says = `The log has ${count(size)} events. This browser has seen ${count(knownSize)}.`;
  return { state: "broken", says, known, seen };
}

async function compareTree(known: SeenLog, seen: SeenLog, memory: LogMemory, readTile: ReadTile): Promise<Consistency> {
  const isLonger = seen.checkpoint.size > known.checkpoint.size;
  const [old, grown] = isLonger ? [known.checkpoint, seen.checkpoint] : [seen.checkpoint, known.checkpoint];
  let isConsistent;
  try {
    isConsistent = await checkGrowth(old, grown, readTile);
  } catch (error) {
    return { state: "could-not-check", reason: error instanceof Error ? error.message : String(error) };
  }
  if (!isConsistent) {
    const says = `The log of ${count(grown.size)} events is not the one of ${count(old.size)} events grown longer.`;
    return { state: "broken", says, known, seen };
  }
  if (!isLonger) return { state: "unchanged" };
  remember(memory, seen);
  return { state: "grown" };
}

function remember(memory: LogMemory, { origin, vkey, checkpoint: { size, root, note } }: SeenLog): void {
  try {
    memory.setItem(place, JSON.stringify({ origin, vkey, size, root: toBase64(root), note }));
  } catch {
    // The browser keeps nothing: no fault of the log's, and no reason to doubt it.
  }
}

function count(number: number): string {
  return number.toLocaleString("en-GB");
}
