import { AlreadyDone } from "../../audit/action.ts";
import { perform } from "../../audit/perform.ts";
import type { Source } from "../sources/source.ts";
import { mirroredEventsMax, recordMirrored } from "./mirror-actions.ts";
import type { MaasEvent } from "./mirrored-event.ts";
import type { MirrorParts } from "./stop-set-back.ts";

/** How often it is noted that a source was read, where there is nothing new. */
export const readNoteMicros = 10_000_000;

/** Records rows of a source in the order of their ids, until `signal` ends it: a part is recorded or not as a whole. */
export async function recordRows(
  { db, actor }: Pick<MirrorParts, "db" | "actor">,
  source: Source,
  rows: readonly MaasEvent[],
  signal: AbortSignal,
): Promise<void> {
  for (let at = 0; at < rows.length; at += mirroredEventsMax) {
    signal.throwIfAborted();
    await onceForGood(perform(db, actor, recordMirrored, { source, rows: rows.slice(at, at + mirroredEventsMax) }));
  }
}

/** What a crash has interrupted comes again, and is recorded already. */
export async function onceForGood(recorded: Promise<unknown>): Promise<void> {
  try {
    await recorded;
  } catch (error) {
    if (!(error instanceof AlreadyDone)) throw error;
  }
}
