import { freshName } from "../../support/worlds/world.ts";
import { type Attempt, type OperationExample, type OperationExamples, told } from "./example.ts";
import { makeNode } from "./nodes.ts";
import type { World } from "../../support/worlds/server-world.ts";

type Kind = "zone" | "pool" | "domain";
type ApiName = "maas" | "native";

/** A new place, and how each API finds it. */
async function makePlace(world: World, kind: Kind, api: ApiName) {
  const name = freshName(kind);
  await world.make(`${kind}s`, { name });
  return { name, path: await pathOf(world, kind, api, name) };
}

/** MAAS finds zones by their names, pools and domains by their numbers; the native API finds all by their names. */
async function pathOf(world: World, kind: Kind, api: ApiName, name: string): Promise<Readonly<Record<string, string>>> {
  if (api === "native" || kind === "zone") return { name };
  const all = await world.root.maas.get(kind === "pool" ? "resourcepools/" : "domains/");
  const found = all.json<readonly { readonly id: number; readonly name: string }[]>().find((one) => one.name === name);
  return { id: String(found?.id) };
}

/** The places that are there from the start. */
const defaultNames = { zone: "default", pool: "default", domain: "maas" } as const;

function nowhere(kind: Kind, api: ApiName): Readonly<Record<string, string>> {
  return api === "native" || kind === "zone" ? { name: freshName("nowhere") } : { id: "999999" };
}

function creation(kind: Kind, api: ApiName): OperationExample {
  return async (world) => {
    const taken = await makePlace(world, kind, api);
    const name = freshName(kind);
    return [
      { what: "a name that can't be one", values: { name: "a/b" }, status: 400 },
      { what: "a name that is taken", values: { name: taken.name }, status: 400 },
      {
        what: "a new one",
        values: { name },
        status: api === "maas" ? 200 : 201,
        records: [told(`${kind}.create`, `Created ${kind} '${name}'.`, [kind, name])],
      },
      { what: "the same again", values: { name }, status: 400 },
    ];
  };
}

function change(kind: Kind, api: ApiName): OperationExample {
  return async (world) => {
    const [place, taken] = [await makePlace(world, kind, api), await makePlace(world, kind, api)];
    const name = freshName(kind);
    const updated = (what: string) => told(`${kind}.update`, `Updated ${kind} '${name}': ${what}.`, [kind, name]);
    const moved = place.path["name"] === undefined ? place.path : { name };
    const rest = kind === "domain" ? { [api === "maas" ? "ttl" : "ttl_seconds"]: 60 } : { description: "d" };
    const more = kind === "domain" ? "name, ttl" : "name, description";
    return [
      { what: "none", path: nowhere(kind, api), values: { name }, status: 404 },
      { what: "a name that is taken", path: place.path, values: { name: taken.name, ...rest }, status: 400 },
      { what: "a name that can't be one", path: place.path, values: { name: "a/b", ...rest }, status: 400 },
      { what: "everything", path: place.path, values: { name, ...rest }, status: 200, records: [updated(more)] },
      { what: "the same again", path: moved, values: rest, status: 200, records: [updated("no change")] },
    ];
  };
}

function deletion(kind: Kind, api: ApiName): OperationExample {
  return async (world) => {
    const [place, used] = [await makePlace(world, kind, api), await makePlace(world, kind, api)];
    const first = await pathOf(world, kind, api, defaultNames[kind]);
    const node = await makeNode(world, { [kind]: used.name });
    // MAAS moves the nodes of a zone; a pool and a domain must be empty.
    const withNode: Attempt =
      kind === "zone"
        ? {
            what: "one with a node in it",
            path: used.path,
            status: 204,
            records: [told("zone.delete", `Deleted zone '${used.name}'.`, [kind, used.name])],
          }
        : { what: `one with ${node.hostname} in it`, path: used.path, status: 400 };
    // Over MAAS's API deleting a zone or a pool that isn't there is no error, and no act.
    const missing = api === "maas" && kind !== "domain" ? 204 : 404;
    return [
      { what: "the default one", path: first, status: 400 },
      { what: "none", path: nowhere(kind, api), status: missing },
      withNode,
      {
        what: "an empty one",
        path: place.path,
        status: 204,
        records: [told(`${kind}.delete`, `Deleted ${kind} '${place.name}'.`, [kind, place.name])],
      },
      { what: "the same again", path: place.path, status: missing },
    ];
  };
}

/** Zones, resource pools and domains. */
export const placeExamples: OperationExamples = {
  "zones create": creation("zone", "maas"),
  "zone update": change("zone", "maas"),
  "zone delete": deletion("zone", "maas"),
  "resource-pools create": creation("pool", "maas"),
  "resource-pool update": change("pool", "maas"),
  "resource-pool delete": deletion("pool", "maas"),
  "domains create": creation("domain", "maas"),
  "domain update": change("domain", "maas"),
  "domain delete": deletion("domain", "maas"),
  ...Object.fromEntries(
    (["zone", "pool", "domain"] as const).flatMap((kind): readonly (readonly [string, OperationExample])[] => [
      [`POST /api/v1/${kind}s`, creation(kind, "native")],
      [`PATCH /api/v1/${kind}s/{name}`, change(kind, "native")],
      [`DELETE /api/v1/${kind}s/{name}`, deletion(kind, "native")],
    ]),
  ),
};
