import { rfc3339Micros } from "../../time.ts";

/** Faults that are listed one by one; beyond it they are counted. */
const faultsListedMax = 1_000;

/** Something that is not what was recorded. */
export interface Fault {
  /** The event's id; null where it is about the log as a whole. */
  readonly event: number | null;
  readonly what: string;
}

/** What a verification found, as it is printed and stored. Two verdicts: what is there is right, and all is there. */
export interface VerificationReport {
  readonly size: number;
  readonly checked_events: number;
  /** What of the events was read: the stored rows; from outside, the leaves that a server shows or their hashes alone. */
  readonly basis: "rows" | "leaves" | "hashes";
  /** Base64; null where events are missing, so that nobody can say. */
  readonly root: string | null;
  readonly integrity: {
    readonly verdict: "intact" | "damaged";
    readonly faults: readonly Fault[];
    readonly fault_count: number;
  };
  readonly completeness: {
    readonly verdict: "complete" | "incomplete";
    /** Ids that are missing, both ends included. */
    readonly gaps: readonly { readonly from: number; readonly to: number }[];
    /** When the last event was recorded: since then the log was quiet. */
    readonly last_event: string | null;
    /** When the log last signed what it was. */
    readonly last_signed: string | null;
  };
  readonly checked_checkpoints: number;
  /** True if the keys that signatures were checked with came from outside the database. */
  readonly keys_are_trusted: boolean;
}

/** Gathers what a verification finds. */
export class Findings {
  size = 0;
  readonly #faults: Fault[] = [];
  #faultCount = 0;
  readonly #gaps: { from: number; to: number }[] = [];
  checked = 0;
  basis: VerificationReport["basis"] = "rows";
  checkpoints = 0;
  areKeysTrusted = false;
  root: Buffer | undefined;
  /** Microseconds. */
  lastEvent: number | undefined;
  lastSigned: number | undefined;

  fault(event: number | null, what: string): void {
    this.#faultCount += 1;
    if (this.#faults.length < faultsListedMax) this.#faults.push({ event, what });
  }

  get hasFault(): boolean {
    return this.#faultCount > 0 || this.#gaps.length > 0;
  }

  /** Events that are not there. */
  gap(from: number, to: number): void {
    if (this.#gaps.length < faultsListedMax) this.#gaps.push({ from, to });
  }

  report(): VerificationReport {
    return {
      size: this.size,
      checked_events: this.checked,
      basis: this.basis,
      root: this.root?.toString("base64") ?? null,
      integrity: {
        verdict: this.#faultCount === 0 ? "intact" : "damaged",
        faults: this.#faults,
        fault_count: this.#faultCount,
      },
      completeness: {
        verdict: this.#gaps.length === 0 ? "complete" : "incomplete",
        gaps: this.#gaps,
        last_event: timeOrNull(this.lastEvent),
        last_signed: timeOrNull(this.lastSigned),
      },
      checked_checkpoints: this.checkpoints,
      keys_are_trusted: this.areKeysTrusted,
    };
  }
}

/** A damaged row may hold a time that isn't one. */
function timeOrNull(micros: number | undefined): string | null {
  if (micros === undefined || !Number.isSafeInteger(micros) || Math.abs(micros) > 8.64e15) return null;
  return rfc3339Micros(micros);
}
