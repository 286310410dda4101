import { eventColumns } from "../../database/event-columns.ts";
import type { EventArray } from "../../database/reading.ts";
import type { EventTable } from "../../database/tables.ts";
import { type FieldValue, forEachGroup, personalGroups } from "../../verifiable-log/event-fields.ts";
import {
  commitmentBytes,
  commitmentOf,
  groupMembers,
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

const place = Object.fromEntries(eventColumns.map((column, index) => [column, index])) as {
  readonly [Column in keyof EventTable]: number;
};

/** Where the values of each group stand in a row, and those of the leaf. */
const memberPlaces = forEachGroup((group) => groupMembers[group].map((name) => place[name]));
const leafPlaces = leafFields.map((name) => place[name]);

function valuesOf(row: EventArray, places: readonly number[]): (at: number) => FieldValue {
  return (at) => row[places[at] ?? -1] as FieldValue;
}

const noFaults: readonly string[] = [];

/** Checks one row by docs/log-format.md: its groups against their commitments, its leaf against the hash beside it. */
export function checkRow(row: EventArray): RowCheck {
  // The columns have the types of the table; where somebody has put something else, the hashes will say so.
  const at = <Column extends keyof EventTable>(column: Column) => row[place[column]] as EventTable[Column];
  let faults = noFaults;
  const sealed = at("sealed");
  if (sealed.length !== personalGroups.length * commitmentBytes) faults = [...faults, "its commitments are cut"];
  for (const [index, group] of personalGroups.entries()) {
    const salt = at(`${group}_salt`);
    if (salt === null) {
      faults = [...faults, `its columns of '${group}' have no salt: somebody has removed what was recorded`];
      continue;
    }
    const stored = sealed.subarray(index * commitmentBytes, (index + 1) * commitmentBytes);
    if (
      salt.length !== saltBytes ||
      commitmentOf(group, salt, valuesOf(row, memberPlaces[group])).compare(stored) !== 0
    ) {
      faults = [...faults, `its columns of '${group}' are not what was recorded`];
    }
  }
  const hash = leafHash(leafBytesOf(valuesOf(row, leafPlaces), sealed));
  if (hash.compare(at("leaf_hash")) !== 0) {
    faults = [...faults, "its level, type, action, outcome, source, times or commitments are not what was recorded"];
  }
  return { leafHash: hash, faults };
}

/** The id of a row. */
export function idOf(row: EventArray): number {
  return row[place.id] as number;
}

/** When a row was recorded. */
export function createdOf(row: EventArray): number {
  return row[place.created] as number;
}
