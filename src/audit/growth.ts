import { randomBytes } from "node:crypto";
import type { WriteTransaction } from "../database/writing/writer.ts";
import type { EventTable } from "../database/tables.ts";
import { GrowingTree, type TileNode } from "../verifiable-log/tree.ts";
import type { Draft } from "./action.ts";
import { type Actor, machineActor } from "./actor.ts";
import { draftEvent, type EventDraft } from "./event-draft.ts";
import { type CommittedState, mismatch } from "./state.ts";
import { eventRow, saltBytesOfEvent } from "./event-row.ts";

/** The clock may be corrected by this much without an event; times then wait for it. */
const clockStepMicros = 2_000_000;

type Head = WriteTransaction["head"];

/** An event that is to be recorded, and who acted. */
export interface Entry {
  readonly draft: Draft;
  readonly actor: Actor;
  /** What it commits to of changed rows. */
  readonly state?: string;
}

/** What is appended to the log, and where its head is afterwards. */
export interface Growth {
  readonly rows: readonly EventTable[];
  /** The nodes of the tree that the rows complete. */
  readonly nodes: readonly TileNode[];
  readonly head: Head;
}

/** Gives the rows of events behind `head`, all of one time in microseconds, and the tree grown by them. */
export function growLog(head: Head, created: number, entries: readonly Entry[]): Growth {
  const tree = GrowingTree.from(head.last_event_id, head.frontier);
  const nodes: TileNode[] = [];
  // Drawn at once: a call costs as much as many bytes.
  const drawn = randomBytes(entries.length * saltBytesOfEvent);
  const rows = entries.map(({ draft, actor, state }, at) => {
    const salts = drawn.subarray(at * saltBytesOfEvent, (at + 1) * saltBytesOfEvent);
    const row = eventRow(tree.size + 1, created, draft, actor, state, salts);
    nodes.push(...tree.append(row.leaf_hash));
    return row;
  });
  return { rows, nodes, head: { last_event_id: tree.size, last_created: created, frontier: tree.frontier() } };
}

/**
 * The time of the next event in microseconds: never before the last one, unless the clock was really set back. Then `step` is
 * the event that says so, and comes first.
 */
export function nextTime(last: number): { readonly created: number; readonly step: Entry | undefined } {
  const now = Math.round((performance.timeOrigin + performance.now()) * 1000);
  const wall = Date.now() * 1000;
  // The performance clock has microseconds but does not follow when the wall clock is set.
  const time = Math.abs(now - wall) < 1_000_000 ? now : wall;
  if (time >= last) return { created: time, step: undefined };
  if (last - time <= clockStepMicros) return { created: last, step: undefined };
  const seconds = Math.round((last - time) / 1_000_000);
  return { created: time, step: { draft: draftEvent("clock.step", { seconds }), actor: ownActor } };
}

/**
 * The events of an action with what they commit to of the rows that it changed: the first of them, and where these are too many,
 * further ones. Rows that weren't what the log had committed to are told of at the end.
 */
export function statedEntries(
  [first, ...drafts]: readonly [Draft, ...Draft[]],
  actor: Actor,
  firstId: number,
  { texts: [text, ...more], mismatches }: CommittedState,
): readonly Entry[] {
  const session = "source" in first ? undefined : first.session;
  const kind = draftEvent("state.more", { event: firstId }, session === undefined ? {} : { session });
  return [
    { draft: first, actor, ...(text !== undefined && { state: text }) },
    ...drafts.map((draft) => ({ draft, actor })),
    ...more.map((state) => ({ draft: { ...kind, type: first.type as EventDraft["type"] }, actor, state })),
    ...mismatches.map((row) => ({ draft: mismatch(row), actor: ownActor })),
  ];
}

/** What the log says of itself has no user. */
const ownActor = machineActor("ironlog");
