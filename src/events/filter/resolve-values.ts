import { readsAll, type Viewer } from "../../audit/actor.ts";
import type { Database } from "../../database/database.ts";
import type { AddressRange } from "./address-range.ts";
import { findBlockedLoginTexts } from "./blocked-logins.ts";
import type { EventTerms, ResolvedFilter } from "./filter.ts";
import { levelNumbers } from "./level.ts";

/** So many values are looked for one by one; of more, each event is asked whether it matches. */
const valuesMax = 60;

/** True of a filter that stands for values which only the log knows. */
export function hasOpenValues({ ipRanges }: EventTerms): boolean {
  return ipRanges !== undefined;
}

/**
 * Looks up which values in the log a filter's networks stand for, by one seek each. Undefined where no event can match.
 *
 * Only for who reads everything: how many values there are takes time, which would tell others.
 */
export async function resolveValues(
  db: Database,
  viewer: Viewer,
  filter: ResolvedFilter,
): Promise<ResolvedFilter | undefined> {
  const blockedLogins = await findBlockedLoginTexts(db, filter);
  const asked = { ...filter, ...(blockedLogins !== undefined && { blockedLogins }) };
  if ("realm" in viewer || !readsAll(viewer)) return asked;
  const { ipRanges, ips = [] } = asked;
  if (ipRanges === undefined) return asked;
  const addresses = await findAddresses(db, ipRanges, valuesMax - ips.length);
  if (addresses === undefined) return asked;
  const areBlockedWanted = blockedLogins !== undefined && asked.levels.includes(levelNumbers.AUDIT);
  return addresses.length + ips.length === 0 && !areBlockedWanted ? undefined : { ...asked, addresses };
}

/** The recorded addresses in any of the networks; undefined if they are more than that. */
async function findAddresses(
  db: Database,
  ranges: readonly AddressRange[],
  max: number,
): Promise<readonly Uint8Array[] | undefined> {
  const found = new Map<string, Uint8Array>();
  for (const { first, last } of ranges) {
    let from: Uint8Array | undefined;
    for (;;) {
      const next = await db
        .selectFrom("event")
        .select("ip_bytes")
        .where("ip_bytes", from === undefined ? ">=" : ">", from ?? first)
        .where("ip_bytes", "<=", last)
        .orderBy("ip_bytes")
        .limit(1)
        .executeTakeFirst();
      if (next === undefined || next.ip_bytes === null) break;
      found.set(Buffer.from(next.ip_bytes).toString("hex"), next.ip_bytes);
      if (found.size > max) return undefined;
      from = next.ip_bytes;
    }
  }
  return [...found.values()];
}
