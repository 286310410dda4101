import { columnPlaces, eventColumns } from "../event-columns.ts";
import { findDamage } from "./damage.ts";
import type { EventArray } from "../reading.ts";
import type { EventTable } from "../tables.ts";
import { Refusal } from "../../refusal.ts";
import { addressBytes } from "../../verifiable-log/address-bytes.ts";
import { type FieldValue, forEachGroup, eventGroups } from "../../verifiable-log/event-fields.ts";
import {
  commitmentBytes,
  commitmentOf,
  emptyCommitment,
  groupMembers,
  isEmptyGroup,
  leafBytesOf,
  leafFields,
  leafHash,
  saltBytes,
} from "../../verifiable-log/leaf.ts";

/** What a row shows when all that is hashed of it is hashed again. */
export interface RowCheck {
  /** The leaf's hash as it follows from the row. */
  readonly leafHash: Buffer;
  /** What doesn't belong together, in words. */
  readonly faults: readonly string[];
}

/** Where the values of each group stand in a row, and those of the leaf. */
const memberPlaces = forEachGroup((group) => groupMembers[group].map((name) => columnPlaces[name]));
const leafPlaces = leafFields.map((name) => columnPlaces[name]);

function valuesOf(row: EventArray, places: readonly number[]): (at: number) => FieldValue {
  return (at) => row[places[at] ?? -1] as FieldValue;
}

const noFaults: readonly string[] = [];

/** Checks one row by docs/log-format.md: its groups against their commitments, its leaf against the hash beside it. */
export function checkRow(row: EventArray): RowCheck {
  // The columns have the types of the table; where somebody has put something else, the hashes will say so.
  const at = <Column extends keyof EventTable>(column: Column) => row[columnPlaces[column]] as EventTable[Column];
  let faults = noFaults;
  const commitments = at("commitments");
  if (commitments.length !== eventGroups.length * commitmentBytes) faults = [...faults, "its commitments are cut"];
  for (const [index, group] of eventGroups.entries()) {
    const salt = at(`${group}_salt`);
    const stored = commitments.subarray(index * commitmentBytes, (index + 1) * commitmentBytes);
    if (salt === null) {
      if (emptyCommitment.compare(stored) !== 0) {
        faults = [...faults, `its columns of '${group}' have no salt: somebody has removed what was recorded`];
      } else if (!isEmptyGroup(group, valuesOf(row, memberPlaces[group]))) {
        faults = [...faults, `its columns of '${group}' are not what was recorded: there was nothing in them`];
      }
      continue;
    }
    if (
      salt.length !== saltBytes ||
      commitmentOf(group, salt, valuesOf(row, memberPlaces[group])).compare(stored) !== 0
    ) {
      faults = [...faults, `its columns of '${group}' are not what was recorded`];
    }
  }
  const hash = leafHash(leafBytesOf(valuesOf(row, leafPlaces), commitments));
  if (hash.compare(at("leaf_hash")) !== 0) {
    faults = [...faults, "its level, type, action, outcome, source, times or commitments are not what was recorded"];
  }
  if (!isSameBytes(at("ip_bytes"), addressBytes(at("ip")))) {
    faults = [...faults, "its column 'ip_bytes' is not what follows from 'ip'"];
  }
  return { leafHash: hash, faults };
}

function isSameBytes(one: Uint8Array | null, other: Buffer | null): boolean {
  return one === null || other === null ? one === other : other.compare(one) === 0;
}

/** The id of a row. */
export function idOf(row: EventArray): number {
  return row[columnPlaces.id] as number;
}

/** When a row was recorded. */
export function createdOf(row: EventArray): number {
  return row[columnPlaces.created] as number;
}

/** Refuses with `damaged` an event whose row is not what was recorded: it must not leave the log as if it were. */
export function refuseDamaged(event: EventTable): void {
  const faults = faultsOf(event);
  if (faults.length > 0) throw damagedEvent(`Event ${event.id}`, `is not what was recorded: ${faults.join("; ")}`);
}

/** What is wrong with a row that was read as an object; none if it is what was recorded. */
export function faultsOf(event: EventTable): readonly string[] {
  try {
    // No value of a row is shared memory, which the types don't know.
    return checkRow(eventColumns.map((column) => event[column]) as EventArray).faults;
  } catch (error) {
    return [`its row is not one that Ironlog writes: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/** Reads events; refuses with `damaged` what the database can't read. `which` begins the sentence. */
export async function readingEvents<Result>(which: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    const damage = findDamage(error);
    throw damage === undefined ? error : damagedEvent(which, `can't be read: ${damage}`, error);
  }
}

function damagedEvent(which: string, what: string, cause?: unknown): Refusal {
  return new Refusal("damaged", `${which} ${what}. Keep the log as it is and run: ironlog log verify`, { cause });
}
