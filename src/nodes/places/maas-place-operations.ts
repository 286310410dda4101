import { indentedJson, nothing } from "../../http/maas/answer.ts";
import type { MaasOperation, MaasParameter, MaasRequest } from "../../http/maas/operation.ts";
import { command, Finished, query } from "../../http/operations/operation.ts";
import { Refusal } from "../../refusal.ts";
import type { Database } from "../../database/database.ts";
import { given } from "../maas-parameters.ts";
import { maasPlace } from "../maas-rendering.ts";
import { parseFreeText } from "../inventory/node.ts";
import { createPool, createZone, deletePool, deleteZone, updatePool, updateZone } from "./place-actions.ts";
import { findPlace, findPlaceById, listPlaces, type PlaceKind } from "./place-queries.ts";
import { parseSpecifier } from "../specifier.ts";
import { parsePlaceName, type Pool, type Zone } from "./place.ts";

const resources = {
  zone: {
    many: { resource: { name: "ZonesHandler", doc: "Manage physical zones." }, path: "api/2.0/zones/" },
    one: {
      resource: {
        name: "ZoneHandler",
        doc: "Manage a physical zone.",
        argument: { doc: "The zone's name, as 'zones read' lists it.", sample: "east" },
      },
      path: "api/2.0/zones/{name}/",
    },
    words: "physical zone",
    actions: { create: createZone, update: updateZone, delete: deleteZone },
  },
  pool: {
    many: { resource: { name: "ResourcePoolsHandler", doc: "Manage resource pools." }, path: "api/2.0/resourcepools/" },
    one: {
      resource: {
        name: "ResourcePoolHandler",
        doc: "Manage a resource pool.",
        argument: { doc: "The pool's number or name, as 'resource-pools read' lists it.", sample: "1" },
      },
      path: "api/2.0/resourcepool/{id}/",
    },
    words: "resource pool",
    actions: { create: createPool, update: updatePool, delete: deletePool },
  },
} as const;

const description: MaasParameter = { type: "String", required: false, doc: "For people." };

/** MAAS's `zones/` and `resourcepools/`. */
export const maasPlaceOperations: readonly MaasOperation[] = (["zone", "pool"] as const).flatMap((kind) => [
  readMany(kind),
  create(kind),
  readOne(kind),
  update(kind),
  deleteOne(kind),
]);

function readMany(kind: PlaceKind): MaasOperation {
  const { many, words } = resources[kind];
  return {
    ...many,
    method: "GET",
    op: null,
    who: "user",
    title: `List ${words}s`,
    description: `List all ${words}s, by name.`,
    parameters: {},
    does: query(async ({ db }) => {
      const all = await listPlaces(db, kind);
      return indentedJson(all.map((place) => maasPlace(kind, place)));
    }),
  };
}

function create(kind: PlaceKind): MaasOperation {
  const { many, words, actions } = resources[kind];
  return {
    ...many,
    method: "POST",
    op: null,
    who: "administrator",
    isForm: true,
    title: `Create a ${words}`,
    description: `Create a ${words}.`,
    parameters: {
      name: { type: "String", required: true, doc: "Its name: letters, digits, blanks, - and _.", sample: "east" },
      description,
    },
    does: command({
      action: actions.create,
      input: async ({ request: { parameters } }) => ({
        name: parsePlaceName(parameters.last("name") ?? ""),
        description: parseFreeText(parameters.last("description") ?? "", "description"),
      }),
      output: (place) => indentedJson(maasPlace(kind, place)),
    }),
  };
}

function readOne(kind: PlaceKind): MaasOperation {
  const { one, words } = resources[kind];
  return {
    ...one,
    method: "GET",
    op: null,
    who: "user",
    title: `Read a ${words}`,
    description: `Read a ${words}.`,
    parameters: {},
    does: query(async ({ db, request }) => indentedJson(maasPlace(kind, await getOne(db, kind, request)))),
  };
}

function update(kind: PlaceKind): MaasOperation {
  const { one, words, actions } = resources[kind];
  return {
    ...one,
    method: "PUT",
    op: null,
    who: "administrator",
    title: `Update a ${words}`,
    description: `Change a ${words}; what isn't given stays.`,
    parameters: { name: { type: "String", required: false, doc: "Its new name." }, description },
    example: "description=Basement",
    does: command({
      action: actions.update,
      async input({ db, request }) {
        const { name } = await getOne(db, kind, request);
        const newName = given(request.parameters, "name");
        const words = request.parameters.last("description");
        const changes = {
          ...(newName !== undefined && { name: parsePlaceName(newName) }),
          ...(words !== undefined && { description: parseFreeText(words, "description") }),
        };
        return { name, changes };
      },
      output: ({ after }) => indentedJson(maasPlace(kind, after)),
    }),
  };
}

function deleteOne(kind: PlaceKind): MaasOperation {
  const { one, words } = resources[kind];
  const rest = kind === "zone" ? "Its nodes go to the default zone." : "It must be empty.";
  const common = {
    ...one,
    method: "DELETE",
    op: null,
    who: "administrator",
    title: `Delete a ${words}`,
    description: `Delete a ${words}. ${rest} Deleting one that isn't there is no error.`,
    parameters: {},
  } as const;
  const input = async ({ db, request }: { readonly db: Database; readonly request: MaasRequest }) => {
    const place = await findOne(db, kind, request);
    return place === undefined ? new Finished(nothing) : { name: place.name };
  };
  return kind === "zone"
    ? { ...common, does: command({ action: deleteZone, input, output: () => nothing }) }
    : { ...common, does: command({ action: deletePool, input, output: () => nothing }) };
}

async function getOne(db: Database, kind: PlaceKind, request: MaasRequest): Promise<Zone | Pool> {
  const place = await findOne(db, kind, request);
  if (place === undefined) throw new Refusal("not_found", `There is no such ${kind}.`);
  return place;
}

/** MAAS finds a zone by its name, and a pool by its number or its name. */
async function findOne(db: Database, kind: PlaceKind, { path }: MaasRequest): Promise<Zone | Pool | undefined> {
  if (kind === "zone") return findPlace(db, "zone", path["name"] ?? "");
  const by = parseSpecifier(path["id"] ?? "");
  if (by === undefined) return undefined;
  return "id" in by ? findPlaceById(db, "pool", by.id) : findPlace(db, "pool", by.name);
}
