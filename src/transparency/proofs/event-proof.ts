import type { Database } from "../../database/database.ts";
import { refuseDamaged } from "../../database/checking/row-check.ts";
import type { EventTable } from "../../database/tables.ts";
import { Refusal } from "../../refusal.ts";
import { parseCheckpoint } from "../../verifiable-log/checkpoint.ts";
import { type EventGroup, eventGroups } from "../../verifiable-log/event-fields.ts";
import { groupJson, leafBytes } from "../../verifiable-log/leaf.ts";
import { proveInclusion, type ReadSubtree } from "../../verifiable-log/proof.ts";
import { parseNote } from "../../verifiable-log/signed-note.ts";
import { type Opening, writeProof } from "../../verifiable-log/tlog-proof.ts";
import { findNewestCheckpoint, type StoredCheckpoint, subtreeReader } from "../queries.ts";

/** What many proofs have in common. */
export interface ProofSource {
  readonly checkpoint: StoredCheckpoint;
  readonly read: ReadSubtree;
}

/**
 * The proof of an event, as text, against the checkpoint that is given or else the newest. `sign` is asked for another where
 * that one doesn't cover the event.
 *
 * Refuses with `not_yet_sealed` where there is none yet, with `damaged` an event that is not what was recorded.
 */
export async function proveEvent(
  db: Database,
  event: EventTable,
  sign: () => Promise<StoredCheckpoint | undefined>,
  source?: ProofSource,
): Promise<string> {
  refuseDamaged(event);
  const newest = source?.checkpoint ?? (await findNewestCheckpoint(db));
  const checkpoint = newest !== undefined && newest.size >= event.id ? newest : await sign();
  if (checkpoint === undefined || checkpoint.size < event.id) {
    throw new Refusal(
      "not_yet_sealed",
      `Event ${event.id} is not sealed yet: no checkpoint covers it. Try again soon.`,
      {
        retryAfterSeconds: 1,
      },
    );
  }
  const { size } = parseCheckpoint(parseNote(checkpoint.note).text);
  const index = event.id - 1;
  const path = await proveInclusion(index, size, source?.read ?? subtreeReader(db));
  const leaf = leafBytes(event, event.commitments).toString("utf8");
  return writeProof({ event: { leaf, opened: openings(event) }, index, path, note: checkpoint.note });
}

/** What the event's commitments were made of, but for what became of stored rows. */
function openings(event: EventTable): Partial<Record<EventGroup, Opening>> {
  const opened = eventGroups.flatMap((group) => {
    const salt = event[`${group}_salt`];
    if (salt === null || group === "state") return [];
    return [[group, { salt: Buffer.from(salt).toString("base64"), json: groupJson(group, event) }] as const];
  });
  return Object.fromEntries(opened);
}
