import { randomBytes } from "node:crypto";
import type { RowChange, RowState } from "../database/writing/row-changes.ts";
import { canonicalJson } from "../verifiable-log/canonical-json.ts";
import { saltBytes } from "../verifiable-log/leaf.ts";
import { draftEvent, type EventDraft } from "./event-draft.ts";
import { rowDigest, type RowImage, type StateEntry } from "../verifiable-log/row-digest.ts";

/** Rows that one event states; more go into further events of the same action. */
const entriesMax = 1_000;

/** What the events of an action commit to of the rows that it changed. */
export interface CommittedState {
  /** The texts of `state`, one for each event that it takes. */
  readonly texts: readonly string[];
  /** How the rows are left. */
  readonly rows: readonly RowState[];
  /** Changed rows that weren't what the log had committed to. */
  readonly mismatches: readonly Pick<RowChange, "table" | "key">[];
}

const nothing: CommittedState = { texts: [], rows: [], mismatches: [] };

/**
 * Commits to changes in the event `eventId` and, where these are too many, in events behind the `eventCount` of the act, with the
 * digests before and after. Both: what somebody has changed by SQL would else be stated anew, as it is now, by the next honest
 * change.
 */
export function commitState(
  changes: readonly RowChange[],
  { eventId, eventCount }: { readonly eventId: number; readonly eventCount: number },
  isAuthentic: (change: RowChange) => boolean,
): CommittedState {
  if (changes.length === 0) return nothing;
  const states = changes
    .map((change) => stateOf(change, eventId))
    .toSorted((one, other) => byRow(one.entry, other.entry));
  const texts: string[] = [];
  const rows: RowState[] = [];
  for (let at = 0; at < states.length; at += entriesMax) {
    const own = states.slice(at, at + entriesMax);
    const stating = texts.length === 0 ? eventId : eventId + eventCount - 1 + texts.length;
    texts.push(canonicalJson(own.map(({ entry }) => entry)));
    rows.push(...own.map(({ row }) => ({ ...row, event_id: stating })));
  }
  // The first event states what every log begins with: nothing stood beside it before.
  const mismatches = eventId === 1 ? [] : changes.filter((change) => !isAuthentic(change));
  return { texts, rows, mismatches };
}

/** A row isn't what the log has committed to. */
export function mismatch({ table, key }: CommittedState["mismatches"][number]): EventDraft {
  return draftEvent("state.mismatch", { table }, { outcome: "failure", details: { table, key } });
}

function stateOf(
  { table, key, before, after, mac }: RowChange,
  eventId: number,
): { readonly entry: StateEntry; readonly row: RowState } {
  const salt = mac?.salt ?? randomBytes(saltBytes);
  const digest = (image: RowImage | null): Buffer | null => (image === null ? null : rowDigest(salt, table, image));
  const isFirst = eventId === 1 && mac === null;
  const [old, now] = [isFirst ? null : digest(before), digest(after)];
  const text = (bytes: Buffer | null): string | null => bytes?.toString("base64") ?? null;
  return { entry: [table, key, text(old), text(now)], row: { table, key, event_id: eventId, salt, digest: now } };
}

function byRow([table, key]: StateEntry, [otherTable, otherKey]: StateEntry): number {
  if (table !== otherTable) return table < otherTable ? -1 : 1;
  return key < otherKey ? -1 : 1;
}
