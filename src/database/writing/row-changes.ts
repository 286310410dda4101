import { imageOf, type RowImage } from "../../verifiable-log/row-digest.ts";

/** What became of one row of an audited table within an action, as the database's triggers have noted it. */
export interface RowChange {
  readonly table: string;
  readonly key: string;
  /** Null where there was no row. */
  readonly before: RowImage | null;
  /** Null where there is none any more. */
  readonly after: RowImage | null;
  /** What authenticated the row before; null where nothing did. */
  readonly mac: RowMac | null;
}

/** What stands beside a row: the event that stated it last, the salt of its digests, and the code over both. */
export interface RowMac {
  readonly event_id: number;
  readonly salt: Uint8Array;
  readonly key_id: string;
  readonly mac: Uint8Array;
}

/** The state in which an action leaves a row; without a digest it is gone. */
export interface RowState {
  readonly table: string;
  readonly key: string;
  readonly event_id: number;
  readonly salt: Uint8Array;
  readonly digest: Uint8Array | null;
}

/** Several notes of a row as one change: what it was first, and what it is last. What came and went within the action is left out. */
export function mergeChanges(notes: readonly RowChange[]): readonly RowChange[] {
  const merged = new Map<string, RowChange>();
  for (const note of notes) {
    const name = JSON.stringify([note.table, note.key]);
    const first = merged.get(name);
    merged.set(name, first === undefined ? note : { ...first, after: note.after });
  }
  return [...merged.values()].filter(({ before, after }) => before !== null || after !== null);
}

/** The image in a trigger's JSON; null where there is no row. */
export function notedImage(members: Readonly<Record<string, string | number | null>> | null): RowImage | null {
  return members === null ? null : imageOf(members);
}

/** Has the triggers note the rows that every log begins with, so that its first event states them. */
export const stateFirstRows: readonly string[] = ["zone", "pool", "domain"].map(
  (table) => `update ${table} set name = name`,
);
