import { defineAction } from "../audit/action.ts";
import { draftEvent } from "../audit/event-draft.ts";
import type { RoleRights } from "../database/schema-check/postgres-grants-check.ts";
import { Refusal } from "../refusal.ts";
import type { CopyKind } from "./copy-format.ts";

interface Copy {
  /** The file's name, as it was given. */
  readonly file: string;
  readonly now: number;
}

export interface Grant {
  readonly role: string;
  /** What it may do from now on. */
  readonly rights: RoleRights;
}

/** A role of PostgreSQL's was let serve. A verification warns of rights that no event tells of. */
export const recordGrant = defineAction({
  async run(_tx, grant: Grant) {
    return grant;
  },
  events: ({ role, rights }) => [
    draftEvent("schema.grant", { role }, { target: { kind: "role", id: role, name: role }, details: { role, rights } }),
  ],
});

/** The log goes on elsewhere: this is the last event that is recorded here, and the copy's last one too. */
export const moveLog = defineAction({
  async run(tx, { now }: Copy, _actor, firstEventId) {
    const moved = await tx.selectFrom("log_move").select("id").executeTakeFirst();
    if (moved !== undefined) throw new Refusal("conflict", "The log was moved already.");
    await tx.insertInto("log_move").values({ moved: now }).execute();
    return { events: firstEventId };
  },
  events: ({ events }, { file }) => [draftEvent("log.move", undefined, { details: { file, events } })],
});

/** A copy of everything is about to be made. */
export const recordBackup = defineAction({
  async run(_tx, copy: Copy, _actor, firstEventId) {
    // At least these: it goes on being written to until the copy begins.
    return { ...copy, events: firstEventId };
  },
  events: ({ file, events }) => [draftEvent("log.backup", undefined, { details: { file, events_at_least: events } })],
});

/** Where a log came from; `events` is how many it had then. */
export interface Arrival extends Pick<Copy, "file"> {
  readonly kind: CopyKind;
  readonly events: number;
  /** Set where whoever made the backup works no more: what was set up goes on here. */
  readonly takesOver?: boolean;
}

/** All that stands in this database came from a copy. Recorded in the transaction that loads it. */
export const recordArrival = defineAction({
  async run(_tx, arrival: Arrival) {
    return arrival;
  },
  events: ({ kind, file, events, takesOver = false }) => [
    draftEvent(kind === "move" ? "log.import" : "log.restore", undefined, {
      details: { file, events, ...(takesOver && { take_over: true }) },
    }),
  ],
});
