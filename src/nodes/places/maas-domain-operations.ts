import type { Database } from "../../database/database.ts";
import { indentedJson, nothing } from "../../http/maas/answer.ts";
import type { MaasOperation, MaasParameter, MaasRequest } from "../../http/maas/operation.ts";
import { command, query } from "../../http/operations/operation.ts";
import { Refusal } from "../../refusal.ts";
import { createDomain, deleteDomain, updateDomain } from "./domain-actions.ts";
import { parseDomainName } from "../inventory/hostname.ts";
import { parseFlag } from "../../http/request/flag.ts";
import { given } from "../maas-parameters.ts";
import { maasDomain } from "../maas-rendering.ts";
import { parseTtl } from "./place.ts";
import { parseSpecifier } from "../specifier.ts";
import { type CountedDomain, findDomain, listDomains } from "./place-queries.ts";

const many = { resource: { name: "DomainsHandler", doc: "Manage domains." }, path: "api/2.0/domains/" } as const;
const one = {
  resource: {
    name: "DomainHandler",
    doc: "Manage a domain.",
    argument: { doc: "The domain's number or name, as 'domains read' lists it.", sample: "1" },
  },
  path: "api/2.0/domains/{id}/",
} as const;

const fields: Readonly<Record<string, MaasParameter>> = {
  authoritative: { type: "Boolean", required: false, doc: "Whether its names are given here alone." },
  ttl: { type: "Int", required: false, doc: "How many seconds its names may be kept; empty for the server's own." },
};

/** MAAS's `domains/`. No DNS is served: a domain is what a node's name is in. */
export const maasDomainOperations: readonly MaasOperation[] = [
  {
    ...many,
    method: "GET",
    op: null,
    who: "user",
    title: "List domains",
    description: "List all domains, by name. A domain counts the nodes that have their name in it.",
    parameters: {},
    does: query(async ({ db }) => indentedJson((await listDomains(db)).map(maasDomain))),
  },
  {
    ...many,
    method: "POST",
    op: null,
    who: "administrator",
    isForm: true,
    title: "Create a domain",
    description: "Create a domain.",
    parameters: {
      name: { type: "String", required: true, doc: "Its name.", sample: "example.com" },
      ...fields,
      authoritative: {
        type: "Boolean",
        required: false,
        doc: "Whether its names are given here alone. True unless given.",
      },
    },
    does: command({
      action: createDomain,
      input: async ({ request: { parameters } }) => ({
        name: parseDomainName(parameters.last("name") ?? ""),
        isAuthoritative: parseFlag(parameters.last("authoritative") ?? "true", "authoritative"),
        ttlSeconds: parseTtl(parameters.last("ttl") ?? ""),
      }),
      output: (domain) => indentedJson(maasDomain(domain)),
    }),
  },
  {
    ...one,
    method: "GET",
    op: null,
    who: "user",
    title: "Read a domain",
    description: "Read a domain.",
    parameters: {},
    does: query(async ({ db, request }) => indentedJson(maasDomain(await getOne(db, request)))),
  },
  {
    ...one,
    method: "PUT",
    op: null,
    who: "administrator",
    title: "Update a domain",
    description: "Change a domain; what isn't given stays.",
    parameters: { name: { type: "String", required: false, doc: "Its new name." }, ...fields },
    example: "ttl=300",
    does: command({
      action: updateDomain,
      async input({ db, request }) {
        const { name } = await getOne(db, request);
        const newName = given(request.parameters, "name");
        const authoritative = request.parameters.last("authoritative");
        const ttl = request.parameters.last("ttl");
        const changes = {
          ...(newName !== undefined && { name: parseDomainName(newName) }),
          ...(authoritative !== undefined && { isAuthoritative: parseFlag(authoritative, "authoritative") }),
          ...(ttl !== undefined && { ttlSeconds: parseTtl(ttl) }),
        };
        return { name, changes };
      },
      output: ({ after }) => indentedJson(maasDomain(after)),
    }),
  },
  {
    ...one,
    method: "DELETE",
    op: null,
    who: "administrator",
    title: "Delete a domain",
    description: "Delete a domain that no node has its name in.",
    parameters: {},
    does: command({
      action: deleteDomain,
      input: async ({ db, request }) => ({ name: (await getOne(db, request)).name }),
      output: () => nothing,
    }),
  },
];

/** MAAS finds a domain by its number or its name. Refuses with `not_found`. */
async function getOne(db: Database, { path }: MaasRequest): Promise<CountedDomain> {
  const word = path["id"] ?? "";
  const by = parseSpecifier(word);
  const domain = by === undefined ? undefined : await findDomain(db, by);
  if (domain === undefined) throw new Refusal("not_found", `There is no domain ${word}.`);
  return domain;
}
