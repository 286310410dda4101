import type { Tx } from "../../audit/action.ts";
import { invalidField } from "../../refusal.ts";
import type { NodeType } from "../inventory/node.ts";
import { findDomain, namedPlace } from "./place-queries.ts";

interface NamedPlaces {
  readonly domain?: string;
  readonly writtenDomain?: string;
  readonly zone?: string;
  readonly pool?: string;
}

/** Only machines are in pools. */
export function refusePoolOf(type: NodeType, { pool }: NamedPlaces): void {
  if (pool !== undefined && type !== "machine") throw invalidField("pool", `A ${type} is in no pool.`);
}

/** The ids of those places that are named. Refuses with `invalid`, by the field, where there is none of that name. */
export async function placeIds(tx: Tx, { domain: named, writtenDomain, zone, pool }: NamedPlaces) {
  const name = writtenDomain ?? named;
  const domain = name === undefined ? undefined : await findDomain(tx, { name });
  if (name !== undefined && domain === undefined) {
    if (writtenDomain !== undefined) throw invalidField("hostname", "Nonexistant domain.");
    throw invalidField("domain", `Select a valid choice. '${name}' is not one of the available choices.`);
  }
  return {
    ...(domain !== undefined && { domain_id: domain.id }),
    ...(zone !== undefined && { zone_id: (await namedPlace(tx, "zone", zone)).id }),
    ...(pool !== undefined && { pool_id: (await namedPlace(tx, "pool", pool)).id }),
  };
}
