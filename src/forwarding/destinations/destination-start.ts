import type { Database } from "../../database/database.ts";
import { lastEventId } from "../../database/version-cache.ts";
import { findTimeBounds } from "../../events/filter/time-bounds.ts";
import { invalidField } from "../../refusal.ts";
import { parseBound } from "../../time.ts";

/**
 * The event behind which somebody wants to begin: `now`, `beginning`, the id of the first event, or the time of the first one (RFC 3339).
 * Refuses with `invalid`.
 */
export async function parseStart(db: Database, text: string): Promise<number | "now"> {
  if (text === "now") return "now";
  if (text === "beginning") return 0;
  if (/^[1-9]\d{0,14}$/.test(text)) return idBefore(db, Number(text));
  if (!/^\d{4}-/.test(text)) {
    throw invalidField(
      "start",
      "Enter now, beginning, the id of the first event, or the time from which on (RFC 3339).",
    );
  }
  const since = parseBound(text, "start");
  const bounds = await findTimeBounds(db, { since });
  if (bounds?.idFrom !== undefined) return bounds.idFrom - 1;
  // Nothing is so new; or the clock was set back once, so that times don't tell ids.
  return bounds === undefined ? "now" : firstSince(db, since);
}

async function idBefore(db: Database, id: number): Promise<number> {
  if (id > (await lastEventId(db)) + 1) throw invalidField("start", `There is no event ${id} yet.`);
  return id - 1;
}

async function firstSince(db: Database, since: number): Promise<number | "now"> {
  const first = await db
    .selectFrom("event")
    .select((eb) => eb.fn.min("id").as("id"))
    .where("created", ">=", since)
    .executeTakeFirst();
  return first?.id === undefined || first.id === null ? "now" : first.id - 1;
}
