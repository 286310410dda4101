import { Type } from "typebox";
import { listOf, nativeList } from "../../http/native/list.ts";
import { nativeOperation, type NativeOperation } from "../../http/native/operation.ts";
import { createDomain, deleteDomain, updateDomain } from "./domain-actions.ts";
import { parseDomainName } from "../inventory/hostname.ts";
import { domainSchema, nativeDomain, nativePlace, placeSchema } from "../native-schemas.ts";
import { parseFreeText } from "../inventory/node.ts";
import { createPool, createZone, deletePool, deleteZone, updatePool, updateZone } from "./place-actions.ts";
import { getDomain, getPlace, listDomains, listPlaces, type PlaceKind } from "./place-queries.ts";
import { parsePlaceName, parseTtl } from "./place.ts";

const kinds = {
  zone: { path: "/zones", id: "Zone", words: "zone", create: createZone, update: updateZone },
  pool: { path: "/pools", id: "Pool", words: "resource pool", create: createPool, update: updatePool },
} as const;

const description = Type.Optional(Type.String({ description: "For people." }));
const name = Type.String({ description: "Letters, digits, blanks, - and _." });

function placeOperations(kind: PlaceKind): readonly NativeOperation[] {
  const { path, id, words, create, update } = kinds[kind];
  return [
    nativeOperation({
      path,
      method: "GET",
      id: `list${id}s`,
      who: "user",
      summary: `List ${words}s`,
      answer: { status: 200, description: "All of them, by name.", schema: listOf(placeSchema) },
      does: ({ query }) =>
        query(async ({ db }) => {
          return { status: 200, body: nativeList((await listPlaces(db, kind)).map(nativePlace)) };
        }),
    }),
    nativeOperation({
      path,
      method: "POST",
      id: `create${id}`,
      who: "administrator",
      summary: `Create a ${words}`,
      body: Type.Object({ name, description }, { additionalProperties: false }),
      answer: { status: 201, description: `The new ${words}.`, schema: placeSchema },
      does: ({ command }) =>
        command({
          action: create,
          input: async ({ request: { body } }) => ({
            name: parsePlaceName(body.name),
            description: parseFreeText(body.description ?? "", "description"),
          }),
          output: (place) => ({ status: 201, body: nativePlace(place) }),
        }),
    }),
    nativeOperation({
      path: `${path}/{name}`,
      method: "GET",
      id: `read${id}`,
      who: "user",
      summary: `Read a ${words}`,
      answer: { status: 200, description: `The ${words}.`, schema: placeSchema },
      does: ({ query }) =>
        query(async ({ db, request }) => {
          return { status: 200, body: nativePlace(await getPlace(db, kind, request.path["name"] ?? "")) };
        }),
    }),
    nativeOperation({
      path: `${path}/{name}`,
      method: "PATCH",
      id: `update${id}`,
      who: "administrator",
      summary: `Change a ${words}`,
      description: "What isn't given stays. The default one keeps its name.",
      body: Type.Object({ name: Type.Optional(name), description }, { additionalProperties: false }),
      answer: { status: 200, description: `The ${words} as it is now.`, schema: placeSchema },
      does: ({ command }) =>
        command({
          action: update,
          input: async ({ request }) => ({ name: request.path["name"] ?? "", changes: placeChanges(request.body) }),
          output: ({ after }) => ({ status: 200, body: nativePlace(after) }),
        }),
    }),
  ];
}

function placeChanges(body: { readonly name?: string; readonly description?: string }) {
  return {
    ...(body.name !== undefined && { name: parsePlaceName(body.name) }),
    ...(body.description !== undefined && { description: parseFreeText(body.description, "description") }),
  };
}

const deletions: readonly NativeOperation[] = [
  nativeOperation({
    path: "/zones/{name}",
    method: "DELETE",
    id: "deleteZone",
    who: "administrator",
    summary: "Delete a zone",
    description: "Its nodes go to the default zone, which can't be deleted.",
    answer: { status: 204, description: "The zone is gone." },
    does: ({ command }) =>
      command({
        action: deleteZone,
        input: async ({ request: { path } }) => ({ name: path["name"] ?? "" }),
        output: () => ({ status: 204 }),
      }),
  }),
  nativeOperation({
    path: "/pools/{name}",
    method: "DELETE",
    id: "deletePool",
    who: "administrator",
    summary: "Delete a resource pool",
    description: "It must be empty, and not the default one.",
    answer: { status: 204, description: "The pool is gone." },
    does: ({ command }) =>
      command({
        action: deletePool,
        input: async ({ request: { path } }) => ({ name: path["name"] ?? "" }),
        output: () => ({ status: 204 }),
      }),
  }),
];

const domainFields = {
  is_authoritative: Type.Optional(Type.Boolean({ description: "Whether its names are given here alone." })),
  ttl_seconds: Type.Optional(Type.Union([Type.Integer(), Type.Null()], { description: "Null for the server's own." })),
};

const domains: readonly NativeOperation[] = [
  nativeOperation({
    path: "/domains",
    method: "GET",
    id: "listDomains",
    who: "user",
    summary: "List domains",
    answer: { status: 200, description: "All of them, by name.", schema: listOf(domainSchema) },
    does: ({ query }) =>
      query(async ({ db }) => ({ status: 200, body: nativeList((await listDomains(db)).map(nativeDomain)) })),
  }),
  nativeOperation({
    path: "/domains",
    method: "POST",
    id: "createDomain",
    who: "administrator",
    summary: "Create a domain",
    body: Type.Object({ name: Type.String(), ...domainFields }, { additionalProperties: false }),
    answer: { status: 201, description: "The new domain.", schema: domainSchema },
    does: ({ command }) =>
      command({
        action: createDomain,
        input: async ({ request: { body } }) => ({
          isAuthoritative: true,
          ttlSeconds: null,
          ...domainChanges(body),
          name: parseDomainName(body.name),
        }),
        output: (domain) => ({ status: 201, body: nativeDomain(domain) }),
      }),
  }),
  nativeOperation({
    path: "/domains/{name}",
    method: "GET",
    id: "readDomain",
    who: "user",
    summary: "Read a domain",
    answer: { status: 200, description: "The domain.", schema: domainSchema },
    does: ({ query }) =>
      query(async ({ db, request }) => {
        return { status: 200, body: nativeDomain(await getDomain(db, request.path["name"] ?? "")) };
      }),
  }),
  nativeOperation({
    path: "/domains/{name}",
    method: "PATCH",
    id: "updateDomain",
    who: "administrator",
    summary: "Change a domain",
    description: "What isn't given stays.",
    body: Type.Object({ name: Type.Optional(Type.String()), ...domainFields }, { additionalProperties: false }),
    answer: { status: 200, description: "The domain as it is now.", schema: domainSchema },
    does: ({ command }) =>
      command({
        action: updateDomain,
        input: async ({ request }) => ({ name: request.path["name"] ?? "", changes: domainChanges(request.body) }),
        output: ({ after }) => ({ status: 200, body: nativeDomain(after) }),
      }),
  }),
  nativeOperation({
    path: "/domains/{name}",
    method: "DELETE",
    id: "deleteDomain",
    who: "administrator",
    summary: "Delete a domain",
    description: "No node may have its name in it. The default one can't be deleted.",
    answer: { status: 204, description: "The domain is gone." },
    does: ({ command }) =>
      command({
        action: deleteDomain,
        input: async ({ request: { path } }) => ({ name: path["name"] ?? "" }),
        output: () => ({ status: 204 }),
      }),
  }),
];

function domainChanges(body: {
  readonly name?: string;
  readonly is_authoritative?: boolean;
  readonly ttl_seconds?: number | null;
}) {
  return {
    ...(body.name !== undefined && { name: parseDomainName(body.name) }),
    ...(body.is_authoritative !== undefined && { isAuthoritative: body.is_authoritative }),
    ...(body.ttl_seconds !== undefined && { ttlSeconds: parseTtl(String(body.ttl_seconds ?? ""), "ttl_seconds") }),
  };
}

/** Zones, resource pools and domains. */
export const nativePlaceOperations: readonly NativeOperation[] = [
  ...placeOperations("zone"),
  ...placeOperations("pool"),
  ...deletions,
  ...domains,
];
