import type { ActingUser } from "../../audit/actor.ts";
import type { Database } from "../../database/database.ts";
import { lastEventId } from "../../database/version-cache.ts";
import { withBlockedLogins } from "./blocked-logins.ts";
import type { EventFilter, ResolvedFilter } from "./filter.ts";
import { resolveActions } from "./resolve-actions.ts";
import { resolveNodes } from "./resolve-nodes.ts";
import { visibleTo } from "./visibility.ts";

/**
 * A filter as the log's indexes can answer it, narrowed to what its viewer may see. Undefined where no event can match.
 *
 * `upToId`: no event above this id.
 */
export async function resolveFilter(
  db: Database,
  viewer: ActingUser,
  wanted: EventFilter,
  upToId?: number,
): Promise<ResolvedFilter | undefined> {
  const visible = visibleTo(viewer, wanted);
  if (visible === undefined || visible.levels.length === 0) return undefined;
  // What is looked up in the log is true of the events up to here: one that comes now may bear a new name.
  const isLookedUp = visible.nodeNames !== undefined || visible.actionPrefixes !== undefined;
  const end = upToId ?? (isLookedUp ? await lastEventId(db) : undefined);
  const named = await resolveNodes(db, viewer, visible);
  const resolved = named === undefined ? undefined : await resolveActions(db, named);
  const bounded = resolved === undefined ? undefined : await withTimeBounds(db, resolved);
  const filter = bounded === undefined ? undefined : await withBlockedLogins(db, bounded);
  if (filter === undefined || end === undefined) return filter;
  return { ...filter, idBelow: Math.min(filter.idBelow ?? Infinity, end + 1) };
}

/**
 * Turns times into ids, by one seek each: `created` never goes back, unless the clock was set back, which the log then says.
 *
 * Undefined where no event can match.
 */
async function withTimeBounds(db: Database, filter: ResolvedFilter): Promise<ResolvedFilter | undefined> {
  const { since, until } = filter;
  if (since === undefined && until === undefined) return filter;
  const steps = await db.selectFrom("event").select("id").where("action", "=", "clock.step").limit(1).execute();
  if (steps.length > 0) return filter;
  const idFrom = since === undefined ? undefined : await firstIdFrom(db, since);
  if (since !== undefined && idFrom === undefined) return undefined;
  const idBelow = until === undefined ? undefined : await firstIdFrom(db, until);
  const { since: _since, until: _until, ...rest } = filter;
  return { ...rest, ...(idFrom !== undefined && { idFrom }), ...(idBelow !== undefined && { idBelow }) };
}

async function firstIdFrom(db: Database, time: number): Promise<number | undefined> {
  const first = await db
    .selectFrom("event")
    .select("id")
    .where("created", ">=", time)
    .orderBy("created")
    .orderBy("id")
    .limit(1)
    .executeTakeFirst();
  return first?.id;
}
