import assert from "node:assert/strict";
import { findDamage } from "../../database/checking/damage.ts";
import { oneLine } from "./one-line.ts";
import { shownTime } from "./shown-time.ts";

/** Faults that are listed one by one; beyond it they are counted, but for the first of each layer. */
const faultsListedMax = 1_000;

/** What a verification looks at, each for itself: the tables and guards, the rows of events, what follows from them, the rows that they tell of, who appended. */
export const layerNames = ["schema", "events", "tree", "state", "appends"] as const;
export type LayerName = (typeof layerNames)[number];

/** How one layer was found. */
export interface LayerVerdict {
  readonly name: LayerName;
  readonly verdict: "ok" | "failed" | "unchecked";
  /** Events up to which it was checked; null where it has none, or was not checked to its end. */
  readonly checked: number | null;
  readonly faults: number;
}

/** Something that is not what was recorded. */
export interface Fault {
  /** Null in verdicts of a version that did not tell layers apart. */
  readonly layer: LayerName | null;
  /** The event's id; null where it is about the log as a whole. */
  readonly event: number | null;
  readonly what: string;
}

/** Events of which nobody can say who appended them, and for which an operator has vouched in another event. */
export interface AcceptedEvents {
  readonly event: number;
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

/** How verdicts follow each other in the log: absent if none came for three intervals. */
export interface VerdictPace {
  readonly verdict: "present" | "absent" | "off";
  /** When the last one was recorded. */
  readonly last: string | null;
  readonly interval_hours: number;
}

/** Events that are missing, from the first to the last of them. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/** Missing events in words. */
export function missingWords({ from, to }: Gap): string {
  return from === to ? `event ${from} is missing` : `events ${from} to ${to} are missing`;
}

/** What a verification found, as it is printed and recorded. Two verdicts: what is there is right, and all is there. */
export interface VerificationReport {
  readonly size: number;
  readonly checked_events: number;
  /** What of the events was read: the stored rows; from outside, the leaves that a server shows or their hashes alone. */
  readonly basis: "rows" | "leaves" | "hashes";
  /** Base64; null where events are missing, so that nobody can say. */
  readonly root: string | null;
  readonly layers: readonly LayerVerdict[];
  readonly integrity: {
    readonly verdict: "intact" | "damaged";
    readonly faults: readonly Fault[];
    readonly fault_count: number;
  };
  readonly completeness: {
    readonly verdict: "complete" | "incomplete";
    /** Ids that are missing, both ends included. */
    readonly gaps: readonly Gap[];
    /** When the last event was recorded: since then the log was quiet. */
    readonly last_event: string | null;
    /** When the log last signed what it was. */
    readonly last_signed: string | null;
  };
  /** Both ends included. */
  readonly accepted: readonly AcceptedEvents[];
  /** What weakens the log and may be meant so. */
  readonly warnings: readonly string[];
  /** What a reader of the report should know, such as what could not be looked at. */
  readonly notes: readonly string[];
  /** Whether verdicts were recorded as often as the setting says; null where the rows were not read. */
  readonly verifications: VerdictPace | null;
  readonly checked_checkpoints: number;
  /** How many events the largest checkpoint covers that the tree agrees with. */
  readonly checkpoint_size: number;
  /** True if the keys that signatures were checked with came from outside the database. */
  readonly keys_are_trusted: boolean;
}

/** Gathers what is found of one layer. */
export interface LayerFindings {
  fault(event: number | null, what: string): void;
  /** What `read` gives; where the database can't read it, that is a fault, and `otherwise` is given. */
  readable<Value, Otherwise>(
    what: string,
    read: () => Promise<Value>,
    otherwise: Otherwise,
  ): Promise<Value | Otherwise>;
  /** The layer was looked at to its end, which is that event, if it has one. */
  checkedTo(size: number | null): void;
}

/** Gathers what a verification finds. */
export class Findings {
  size = 0;
  readonly #layers = new Map(
    layerNames.map((name) => [name, { faults: 0, isChecked: false, checked: null as number | null }]),
  );
  readonly #faults: Fault[] = [];
  #faultCount = 0;
  readonly #gaps: Gap[] = [];
  checked = 0;
  basis: VerificationReport["basis"] = "rows";
  warnings: readonly string[] = [];
  notes: readonly string[] = [];
  checkpoints = 0;
  checkpointSize = 0;
  verifications: VerdictPace | null = null;
  /** False where nobody can say how long the log is. */
  isLengthKnown = true;
  areKeysTrusted = false;
  accepted: readonly AcceptedEvents[] = [];
  root: Buffer | undefined;
  /** Microseconds. */
  lastEvent: number | undefined;
  lastSigned: number | undefined;

  in(layer: LayerName): LayerFindings {
    const state = this.#stateOf(layer);
    const fault = (event: number | null, what: string): void => {
      state.faults += 1;
      this.#faultCount += 1;
      if (this.#faults.length < faultsListedMax || state.faults === 1)
        this.#faults.push({ layer, event, what: oneLine(what) });
    };
    return {
      fault,
      async readable(what, read, otherwise) {
        try {
          return await read();
        } catch (error) {
          const damage = findDamage(error);
          if (damage === undefined) throw error;
          fault(null, `${what} can't be read: ${damage}`);
          return otherwise;
        }
      },
      checkedTo(size) {
        state.isChecked = true;
        state.checked = size;
      },
    };
  }

  #stateOf(layer: LayerName) {
    const state = this.#layers.get(layer);
    assert.ok(state !== undefined);
    return state;
  }

  get hasFault(): boolean {
    return this.#faultCount > 0 || this.#gaps.length > 0;
  }

  /** Events that are not there. */
  gap(from: number, to: number): void {
    this.#stateOf("events").faults += 1;
    if (this.#gaps.length < faultsListedMax) this.#gaps.push({ from, to });
  }

  report(): VerificationReport {
    return {
      size: this.size,
      checked_events: this.checked,
      basis: this.basis,
      root: this.root?.toString("base64") ?? null,
      layers: [...this.#layers].map(([name, { faults, isChecked, checked }]) => ({
        name,
        verdict: faults > 0 ? "failed" : isChecked ? "ok" : "unchecked",
        checked,
        faults,
      })),
      integrity: {
        verdict: this.#faultCount === 0 ? "intact" : "damaged",
        faults: this.#faults,
        fault_count: this.#faultCount,
      },
      completeness: {
        verdict: this.#gaps.length === 0 && this.isLengthKnown ? "complete" : "incomplete",
        gaps: this.#gaps,
        last_event: shownTime(this.lastEvent),
        last_signed: shownTime(this.lastSigned),
      },
      accepted: this.accepted,
      warnings: this.warnings,
      notes: this.notes,
      verifications: this.verifications,
      checked_checkpoints: this.checkpoints,
      checkpoint_size: this.checkpointSize,
      keys_are_trusted: this.areKeysTrusted,
    };
  }
}
