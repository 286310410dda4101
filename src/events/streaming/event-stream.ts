import { setImmediate as nextTurn } from "node:timers/promises";
import type { Viewer } from "../../audit/actor.ts";
import type { Database } from "../../database/database.ts";
import type { EndReason } from "../../http/native/end-reason.ts";
import type { StreamEnds } from "../../http/native/streamed-body.ts";
import type { EventFilter } from "../filter/filter.ts";
import { watchLog } from "./log-watch.ts";
import { nativeColumns, nativeEvent } from "../rendering/native-event.ts";
import { readPage } from "../query/page.ts";

/** Shorter than the time after which proxies take a silent connection for a dead one. */
const heartbeatMs = 15_000;
/** How soon a browser comes back after the connection broke. */
const retryMs = 2_000;
/** Events that are read at once, and so held in memory for a reader. */
const eventsAtOnce = 200;
/** Index entries looked at before others get their turn. */
const entriesAtOnce = 5_000;

export interface Following {
  readonly db: Database;
  readonly viewer: Viewer;
  readonly filter: EventFilter;
  /** Events newer than this one. */
  readonly afterId: number;
  /** Why the viewer may no longer read; undefined while they may. */
  findEnd(): Promise<EndReason | undefined>;
}

/**
 * The events that match, in the order of their ids and without a gap, as server-sent events, for as long as the viewer may
 * read them. Then an event `end` says why.
 *
 * Every change is an event, so whether the viewer still may is asked after the last id is known, and before what is up to
 * there is read: what was taken from them with an event is never followed by another one.
 */
export async function* followEvents(following: Following, ends: StreamEnds): AsyncGenerator<string, void, undefined> {
  const { db, viewer, filter, findEnd } = following;
  const watch = watchLog(db);
  let cursor = following.afterId;
  let toldAt = performance.now();
  yield `retry: ${retryMs}\n\n`;
  for (;;) {
    const silentMs = performance.now() - toldAt;
    const lastId = await watch.growBeyond(cursor, Math.max(0, heartbeatMs - silentMs), [ends.gone, ends.stopping]);
    if (ends.gone.aborted) return;
    const reason = ends.stopping.aborted ? "server_stopped" : await findEnd();
    if (reason !== undefined) return yield endText(reason);
    let text = "";
    if (lastId > cursor) {
      const { events, stoppedAt } = await readPage(db, viewer, {
        columns: nativeColumns,
        filter,
        window: { kind: "after", id: cursor },
        limit: eventsAtOnce,
        entriesMax: entriesAtOnce,
        upToId: lastId,
      });
      cursor = stoppedAt ?? (events.length === eventsAtOnce ? (events[0]?.id ?? lastId) : lastId);
      text = events
        .toReversed()
        .map((event) => eventText(nativeEvent(event)))
        .join("");
    }
    if (text === "" && performance.now() - toldAt >= heartbeatMs) text = ": still here\n\n";
    if (text !== "") {
      toldAt = performance.now();
      yield text;
    }
    // Reading from a file is done before anybody else gets a turn.
    await nextTurn();
  }
}

function eventText(event: ReturnType<typeof nativeEvent>): string {
  return `id: ${event.id}\nevent: event\ndata: ${JSON.stringify(event)}\n\n`;
}

function endText(reason: EndReason): string {
  return `event: end\ndata: ${JSON.stringify({ reason })}\n\n`;
}
