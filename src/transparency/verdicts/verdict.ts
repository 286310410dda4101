import type { CanonicalValue } from "../../verifiable-log/canonical-json.ts";
import { nowMicros } from "../../time.ts";
import { oneLine } from "../verification/one-line.ts";
import { isTime } from "../verification/shown-time.ts";
import {
  type Fault,
  type Gap,
  layerNames,
  type LayerVerdict,
  type VerificationReport,
} from "../verification/verification-report.ts";

/** How a verification of the whole log ended, as an event tells of it. */
export interface Verdict {
  /** Microseconds. */
  readonly finished: number;
  readonly durationMs: number;
  /** Why it could not be done; null if it was. */
  readonly reason: string | null;
  /** Events that the log had; 0 where that isn't known. */
  readonly size: number;
  readonly integrity: "intact" | "damaged" | "unknown";
  readonly completeness: "complete" | "incomplete" | "unknown";
  /** The root that follows from the events, in Base64. */
  readonly root: string | null;
  /** How many checkpoints the tree agreed with or not, and how many events the largest covers that it agreed with. */
  readonly checkpoints: number;
  readonly checkpointSize: number;
  readonly areKeysTrusted: boolean;
  readonly layers: readonly LayerVerdict[];
  readonly faultCount: number;
  readonly faults: readonly Fault[];
  readonly gaps: readonly Gap[];
}

/** The verdict of a verification that was done. */
export function verdictOf(report: VerificationReport, durationMs: number): Verdict {
  const { size, root, integrity, completeness } = report;
  return {
    finished: nowMicros(),
    durationMs: Math.round(durationMs),
    reason: null,
    size: whole(size),
    integrity: integrity.verdict,
    completeness: completeness.verdict,
    root,
    checkpoints: report.checked_checkpoints,
    checkpointSize: whole(report.checkpoint_size),
    areKeysTrusted: report.keys_are_trusted,
    layers: report.layers,
    faultCount: integrity.fault_count,
    faults: integrity.faults.map(({ layer, event, what }) => ({
      layer,
      event: event === null ? null : whole(event),
      what,
    })),
    gaps: completeness.gaps.map(({ from, to }) => ({ from: whole(from), to: whole(to) })),
  };
}

/** What is said of layers where nobody has looked at any. */
export const uncheckedLayers: readonly LayerVerdict[] = layerNames.map((name) => ({
  name,
  verdict: "unchecked",
  checked: null,
  faults: 0,
}));

/** The verdict of one that could not be done. */
export function unableVerdict(why: string, durationMs: number): Verdict {
  return {
    finished: nowMicros(),
    durationMs: Math.round(durationMs),
    // The sentence that it becomes a part of has its own full stop.
    reason: oneLine(why).replace(/\.$/, ""),
    size: 0,
    integrity: "unknown",
    completeness: "unknown",
    root: null,
    checkpoints: 0,
    checkpointSize: 0,
    areKeysTrusted: false,
    layers: uncheckedLayers,
    faultCount: 0,
    faults: [],
    gaps: [],
  };
}

/** Everything that is wrong, counted: faults, and ranges of events that are missing. */
export function countFaults({ faultCount, gaps }: Verdict): number {
  return faultCount + gaps.length;
}

/** True if the log was verified, and nothing was found. */
export function isGood({ integrity, completeness }: Pick<Verdict, "integrity" | "completeness">): boolean {
  return integrity === "intact" && completeness === "complete";
}

/** What the event's details hold. */
export function verdictDetails(verdict: Verdict): { readonly [name: string]: CanonicalValue } {
  return {
    finished: verdict.finished,
    duration_ms: verdict.durationMs,
    reason: verdict.reason,
    size: verdict.size,
    integrity: verdict.integrity,
    completeness: verdict.completeness,
    root: verdict.root,
    checkpoints: verdict.checkpoints,
    checkpoint_size: verdict.checkpointSize,
    keys_are_trusted: verdict.areKeysTrusted,
    layers: verdict.layers.map((layer) => ({ ...layer })),
    fault_count: verdict.faultCount,
    faults: verdict.faults.map((fault) => ({ ...fault })),
    gaps: verdict.gaps.map(({ from, to }) => ({ from, to })),
  };
}

/** The verdict that details hold. Throws for details that no program has written. */
export function parseVerdict(json: string): Verdict {
  const stored = JSON.parse(json) as StoredVerdict;
  if (!isTime(stored.finished) || !Array.isArray(stored.faults)) throw new Error("it holds no verdict");
  return {
    finished: stored.finished,
    durationMs: stored.duration_ms,
    reason: stored.reason,
    size: stored.size,
    integrity: stored.integrity,
    completeness: stored.completeness,
    root: stored.root,
    checkpoints: stored.checkpoints,
    checkpointSize: stored.checkpoint_size,
    areKeysTrusted: stored.keys_are_trusted,
    // A verdict of a version that did not tell them apart says nothing of each.
    layers: stored.layers ?? uncheckedLayers,
    faultCount: stored.fault_count,
    faults: stored.faults.map(({ layer = null, event, what }) => ({ layer, event, what })),
    gaps: stored.gaps,
  };
}

interface StoredVerdict extends Pick<
  Verdict,
  "finished" | "reason" | "size" | "integrity" | "completeness" | "root" | "checkpoints" | "gaps"
> {
  readonly duration_ms: number;
  readonly checkpoint_size: number;
  readonly keys_are_trusted: boolean;
  readonly layers?: Verdict["layers"];
  readonly faults: readonly (Omit<Fault, "layer"> & Partial<Pick<Fault, "layer">>)[];
  readonly fault_count: number;
}

/** Damage may show numbers that the log can't hold. */
function whole(value: number): number {
  return Number.isSafeInteger(value) ? value : Math.sign(value) * Number.MAX_SAFE_INTEGER;
}
