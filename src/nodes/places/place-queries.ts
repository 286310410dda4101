import type { Reader } from "../../audit/action.ts";
import { invalidField, Refusal } from "../../refusal.ts";
import type { Domain, Pool, Zone } from "./place.ts";

/** Zones and resource pools are stored alike. */
export type PlaceKind = "zone" | "pool";

export async function listPlaces(db: Reader, kind: PlaceKind): Promise<readonly (Zone | Pool)[]> {
  return places(db, kind).orderBy("name").execute();
}

export async function findPlace(db: Reader, kind: PlaceKind, name: string): Promise<Zone | Pool | undefined> {
  return places(db, kind).where("name", "=", name).executeTakeFirst();
}

/** The zone or pool of that name. Refuses with `not_found`. */
export async function getPlace(db: Reader, kind: PlaceKind, name: string): Promise<Zone | Pool> {
  const place = await findPlace(db, kind, name);
  if (place === undefined) throw new Refusal("not_found", `There is no ${kind} '${name}'.`);
  return place;
}

/** The same for a field of a node: an unknown name is what is wrong with the field. */
export async function namedPlace(db: Reader, kind: PlaceKind, name: string): Promise<Zone | Pool> {
  const place = await findPlace(db, kind, name);
  if (place !== undefined) return place;
  throw invalidField(kind, `Select a valid choice. '${name}' is not one of the available choices.`);
}

export async function findPlaceById(db: Reader, kind: PlaceKind, id: number): Promise<Zone | Pool | undefined> {
  return places(db, kind).where("id", "=", id).executeTakeFirst();
}

/** How many nodes are in it. */
export async function nodesIn(db: Reader, column: "zone_id" | "pool_id" | "domain_id", id: number): Promise<number> {
  const { count } = await db
    .selectFrom("node")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where(column, "=", id)
    .executeTakeFirstOrThrow();
  return count;
}

/** A domain, and how many nodes have their name in it. */
export interface CountedDomain extends Domain {
  readonly nodeCount: number;
}

export async function listDomains(db: Reader): Promise<readonly CountedDomain[]> {
  return (await domains(db).execute()).map(asDomain);
}

export async function findDomain(db: Reader, by: { readonly name: string } | { readonly id: number }) {
  const query =
    "name" in by ? domains(db).where("domain.name", "=", by.name) : domains(db).where("domain.id", "=", by.id);
  const row = await query.executeTakeFirst();
  return row === undefined ? undefined : asDomain(row);
}

/** The domain of that name. Refuses with `not_found`. */
export async function getDomain(db: Reader, name: string): Promise<CountedDomain> {
  const domain = await findDomain(db, { name });
  if (domain === undefined) throw new Refusal("not_found", `There is no domain '${name}'.`);
  return domain;
}

function places(db: Reader, kind: PlaceKind) {
  // The two tables have the same columns.
  return db.selectFrom(kind as "zone").select(["id", "name", "description"]);
}

function domains(db: Reader) {
  return db
    .selectFrom("domain")
    .selectAll("domain")
    .select((eb) =>
      eb
        .selectFrom("node")
        .select(({ fn }) => fn.countAll<number>().as("count"))
        .whereRef("node.domain_id", "=", "domain.id")
        .as("node_count"),
    )
    .orderBy("domain.name");
}

function asDomain(row: {
  readonly id: number;
  readonly name: string;
  readonly authoritative: number;
  readonly ttl: number | null;
  readonly node_count: number | null;
}): CountedDomain {
  return {
    id: row.id,
    name: row.name,
    isAuthoritative: row.authoritative === 1,
    ttlSeconds: row.ttl,
    nodeCount: row.node_count ?? 0,
  };
}
