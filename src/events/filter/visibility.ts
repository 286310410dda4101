import { type MirroredPerson, readsAll, type Viewer } from "../../audit/actor.ts";
import type { EventFilter, VisibleFilter } from "./filter.ts";
import { levelNumbers } from "./level.ts";

/**
 * Narrows a filter to what its viewer may see; undefined where that is nothing. Every way to read events goes through it.
 *
 * Administrators and auditors see all. Anybody else sees the audit events of their own user id (a deleted name can be taken again,
 * an id can't), whatever is asked for. Events of other levels belong to nodes, and are seen by who sees the node. People of a
 * mirrored MAAS, and accounts that are linked to them, see what it has recorded of them since it was last set back, and its administrators all that it has.
 */
export function visibleTo(viewer: Viewer, filter: EventFilter): VisibleFilter | undefined {
  if ("realm" in viewer) return visibleOfRealm(viewer, filter);
  if (readsAll(viewer)) return filter;
  const { linked = [] } = viewer;
  if (filter.levels.some((level) => level !== levelNumbers.AUDIT))
    return { ...filter, seenBy: { userId: viewer.id, linked } };
  if (filter.levels.length === 0) return undefined;
  // They may have other names elsewhere.
  if (linked.length > 0) return { ...filter, levels: [levelNumbers.AUDIT], own: { userId: viewer.id, linked } };
  // Names can't be changed, so one's own events all bear one's own name.
  const { usernames = [], usernamePrefixes = [], ...rest } = filter;
  const isAskedFor =
    usernames.includes(viewer.username) || usernamePrefixes.some((one) => viewer.username.startsWith(one));
  if (usernames.length + usernamePrefixes.length > 0 && !isAskedFor) return undefined;
  return { ...rest, levels: [levelNumbers.AUDIT], userId: viewer.id };
}

function visibleOfRealm(person: MirroredPerson, filter: EventFilter): VisibleFilter | undefined {
  const { realm, generation, realmUserId, readsRealm } = person;
  if (readsRealm) return { ...filter, realm: { realm, generation, userId: "all" } };
  if (realmUserId === null || !filter.levels.includes(levelNumbers.AUDIT)) return undefined;
  return { ...filter, levels: [levelNumbers.AUDIT], realm: { realm, generation, userId: realmUserId } };
}
