import type { EventStore } from "./event-store.ts";

/** Until when a list shows events, in milliseconds: when its filter was read or, of what has come live, the newest event. */
export function seenTo(store: EventStore, now: number): number {
  const { newestId } = store.shown();
  const newest = newestId === undefined ? undefined : store.held(newestId);
  return newest === undefined ? now : Math.max(now, Date.parse(newest.created));
}
