import type { Viewer } from "../../audit/actor.ts";
import type { Database } from "../../database/database.ts";
import { eventColumns } from "../../database/event-columns.ts";
import { readingEvents, refuseDamaged } from "../../database/checking/row-check.ts";
import type { EventTable } from "../../database/tables.ts";
import { Refusal } from "../../refusal.ts";
import { allLevels } from "../filter/level.ts";
import { readPage } from "./page.ts";

/**
 * The event of that id, as somebody wrote it. Refuses with `not_found`, and says the same of an event that the viewer may
 * not see as of one that isn't there; with `damaged` one that is not what was recorded.
 */
export async function getEvent(db: Database, viewer: Viewer, wanted: string): Promise<EventTable> {
  const number = /^[1-9]\d{0,14}$/.test(wanted) ? Number(wanted) : 0;
  const { events } = await readingEvents(`Event ${number}`, () =>
    readPage(db, viewer, {
      columns: eventColumns,
      filter: { levels: allLevels },
      window: { kind: "before", id: number + 1 },
      limit: 1,
      // The event itself comes first, or it isn't there for this viewer.
      entriesMax: 1,
    }),
  );
  const [event] = events;
  if (event === undefined || event.id !== number) throw new Refusal("not_found", `There is no event ${wanted}.`);
  refuseDamaged(event);
  return event;
}

/** Index entries among which an event is sought that somebody may see. */
const entriesNear = 2_000;

/** When the newest event at or before an id was recorded that the viewer may see; undefined where there is none near. */
export async function timeNear(db: Database, viewer: Viewer, id: number): Promise<number | undefined> {
  const { events } = await readPage(db, viewer, {
    columns: ["id", "created"],
    filter: { levels: allLevels },
    window: { kind: "before", id: id + 1 },
    limit: 1,
    entriesMax: entriesNear,
  });
  return events[0]?.created;
}
