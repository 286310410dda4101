import { defineAction, type Tx } from "../../audit/action.ts";
import { draftEvent, type Target } from "../../audit/event-draft.ts";
import { invalidField, Refusal } from "../../refusal.ts";
import { changeDetails, differences } from "../../audit/differences.ts";
import { defaultPoolId, defaultZoneId, type Pool, type Zone } from "./place.ts";
import { findPlace, getPlace, nodesIn, type PlaceKind } from "./place-queries.ts";

interface NewPlace {
  readonly name: string;
  readonly description: string;
}

interface PlaceChange {
  /** Which one, by its name as it is. */
  readonly name: string;
  readonly changes: { readonly name?: string; readonly description?: string };
}

const create = (kind: PlaceKind) =>
  defineAction({
    async run(tx, { name, description }: NewPlace) {
      await refuseTaken(tx, kind, name);
      // The two tables have the same columns.
      return tx
        .insertInto(kind as "zone")
        .values({ name, description })
        .returning(["id", "name", "description"])
        .executeTakeFirstOrThrow();
    },
    events: (place) => [
      draftEvent(
        `${kind}.create`,
        { name: place.name },
        { target: targetOf(kind, place), details: descriptionOf(place) },
      ),
    ],
  });

const update = (kind: PlaceKind) =>
  defineAction({
    async run(tx, { name, changes }: PlaceChange) {
      const before = await getPlace(tx, kind, name);
      const after = { ...before, ...changes };
      if (isFirst(kind, before) && after.name !== before.name) {
        throw invalidField("name", `The default ${kind} keeps its name.`);
      }
      if (after.name !== before.name) await refuseTaken(tx, kind, after.name);
      await tx
        .updateTable(kind as "zone")
        .set({ name: after.name, description: after.description })
        .where("id", "=", before.id)
        .execute();
      return { before, after };
    },
    events: ({ before, after }) => {
      const shown = ({ name, description }: Zone | Pool) => ({ name, description });
      const changes = differences(shown(before), shown(after));
      const facts = { name: after.name, changed: Object.keys(changes) };
      return [draftEvent(`${kind}.update`, facts, { target: targetOf(kind, after), details: changeDetails(changes) })];
    },
  });

export const createZone = create("zone");
export const createPool = create("pool");
export const updateZone = update("zone");
export const updatePool = update("pool");

/** Its nodes go to the default zone, as in MAAS. */
export const deleteZone = defineAction({
  async run(tx, { name }: { name: string }) {
    const zone = await getPlace(tx, "zone", name);
    if (isFirst("zone", zone)) {
      throw new Refusal("invalid", "This zone is the default zone, it cannot be deleted.");
    }
    const moved = await tx
      .updateTable("node")
      .set({ zone_id: defaultZoneId })
      .where("zone_id", "=", zone.id)
      .returning("system_id")
      .execute();
    await tx.deleteFrom("zone").where("id", "=", zone.id).execute();
    return { zone, moved: moved.map(({ system_id }) => system_id).toSorted() };
  },
  events: ({ zone, moved }) => [
    draftEvent(
      "zone.delete",
      { name: zone.name },
      { target: targetOf("zone", zone), details: { ...descriptionOf(zone), nodes_moved: moved } },
    ),
  ],
});

export const deletePool = defineAction({
  async run(tx, { name }: { name: string }) {
    const pool = await getPlace(tx, "pool", name);
    if (isFirst("pool", pool)) throw new Refusal("invalid", "This is the default pool, it cannot be deleted.");
    const machines = await nodesIn(tx, "pool_id", pool.id);
    if (machines > 0) {
      throw new Refusal("invalid", `Cannot delete resource pool '${name}': ${machines} machine(s) are still in it.`);
    }
    await tx.deleteFrom("pool").where("id", "=", pool.id).execute();
    return pool;
  },
  events: (pool) => [
    draftEvent("pool.delete", { name: pool.name }, { target: targetOf("pool", pool), details: descriptionOf(pool) }),
  ],
});

function isFirst(kind: PlaceKind, { id }: Zone | Pool): boolean {
  return id === (kind === "zone" ? defaultZoneId : defaultPoolId);
}

function descriptionOf({ description }: Zone | Pool) {
  return { description };
}

function targetOf(kind: PlaceKind, { id, name }: Zone | Pool): Target {
  return { kind, id: String(id), name };
}

async function refuseTaken(tx: Tx, kind: PlaceKind, name: string): Promise<void> {
  if ((await findPlace(tx, kind, name)) === undefined) return;
  const title = kind === "zone" ? "Physical zone" : "Resource pool";
  throw invalidField("name", `${title} with this Name already exists.`);
}
