import { defineAction } from "../audit/action.ts";
import { draftEvent } from "../audit/event-draft.ts";
import { Refusal } from "../refusal.ts";
import type { CopyKind } from "./copy-format.ts";

interface Copy {
  /** The file's name, as it was given. */
  readonly file: string;
  readonly now: number;
}

/** The log goes on elsewhere: this is the last event that is recorded here, and the copy's last one too. */
export const moveLog = defineAction({
  async run(tx, { now }: Copy) {
    const moved = await tx.selectFrom("log_move").select("id").executeTakeFirst();
    if (moved !== undefined) throw new Refusal("conflict", "The log was moved already.");
    await tx.insertInto("log_move").values({ moved: now }).execute();
  },
  events: (_result, { file }) => [draftEvent("log.move", undefined, { details: { file } })],
});

/** A copy of everything is about to be made. */
export const recordBackup = defineAction({
  async run(_tx, copy: Copy) {
    return copy;
  },
  events: ({ file }) => [draftEvent("log.backup", undefined, { details: { file } })],
});

/** All that stands in this database came from a copy; `events` is how many the log had then. */
export const recordArrival = defineAction({
  async run(_tx, copy: Pick<Copy, "file"> & { readonly kind: CopyKind; readonly events: number }) {
    return copy;
  },
  events: ({ kind, file, events }) => [
    draftEvent(kind === "move" ? "log.import" : "log.restore", undefined, { details: { file, events } }),
  ],
});
