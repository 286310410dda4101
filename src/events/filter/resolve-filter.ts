import type { Viewer } from "../../audit/actor.ts";
import type { Database } from "../../database/database.ts";
import { lastEventId } from "../../database/version-cache.ts";
import type { EventFilter, ResolvedFilter } from "./filter.ts";
import { resolveActions } from "./resolve-actions.ts";
import { resolveNodes } from "./resolve-nodes.ts";
import { hasOpenValues, resolveValues } from "./resolve-values.ts";
import { findTimeBounds } from "./time-bounds.ts";
import { visibleTo } from "./visibility.ts";

/**
 * A filter as the log's indexes can answer it, narrowed to what its viewer may see. Undefined where no event can match.
 *
 * `upToId`: no event above this id.
 */
export async function resolveFilter(
  db: Database,
  viewer: Viewer,
  wanted: EventFilter,
  upToId?: number,
): Promise<ResolvedFilter | undefined> {
  const visible = visibleTo(viewer, wanted);
  if (visible === undefined || visible.levels.length === 0) return undefined;
  // What is looked up in the log is true of the events up to here: one that comes now may bear a new name.
  const { nodeNames, actionPrefixes } = visible;
  const isLookedUp = nodeNames !== undefined || actionPrefixes !== undefined || hasOpenValues(visible);
  const end = upToId ?? (isLookedUp ? await lastEventId(db) : undefined);
  const named = await resolveNodes(db, viewer, visible);
  const resolved = named === undefined ? undefined : await resolveActions(db, named);
  const bounded = resolved === undefined ? undefined : await withTimeBounds(db, resolved);
  const filter = bounded === undefined ? undefined : await resolveValues(db, viewer, bounded);
  if (filter === undefined || end === undefined) return filter;
  return { ...filter, idBelow: Math.min(filter.idBelow ?? Infinity, end + 1) };
}

async function withTimeBounds(
  db: Database,
  { since, until, ...filter }: ResolvedFilter,
): Promise<ResolvedFilter | undefined> {
  const bounds = await findTimeBounds(db, {
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  });
  return bounds && { ...filter, ...bounds };
}
