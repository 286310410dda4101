import { actingUser } from "../../http/authentication/acting-user.ts";
import { indentedJson, nothing } from "../../http/maas/answer.ts";
import { withWarnings } from "../../http/maas/parameters/ignored-parameters.ts";
import type { MaasOperation, MaasParameter, MaasRequest } from "../../http/maas/operation.ts";
import { command, query } from "../../http/operations/operation.ts";
import { Refusal } from "../../refusal.ts";
import { tagIgnored } from "../ignored-parameters.ts";
import { given } from "../maas-parameters.ts";
import { shownNodes } from "../inventory/maas-node-answer.ts";
import { maasTag } from "../maas-rendering.ts";
import { listNodes, seenBy } from "../inventory/node-queries.ts";
import { type NodeType, nodeTypes, parseFreeText } from "../inventory/node.ts";
import { parseTagName } from "../places/place.ts";
import { createTag, deleteTag, tagNodes, updateTag } from "./tag-actions.ts";
import { getTag, listTags } from "./tag-queries.ts";

const many = { resource: { name: "TagsHandler", doc: "Manage tags." }, path: "api/2.0/tags/" } as const;
const one = {
  resource: {
    name: "TagHandler",
    doc: "Manage a tag.",
    argument: { doc: "The tag's name, as 'tags read' lists it.", sample: "gpu" },
  },
  path: "api/2.0/tags/{name}/",
} as const;

const definitionLengthMax = 65_536;
const fields: Readonly<Record<string, MaasParameter>> = {
  definition: {
    type: "String",
    required: false,
    doc: "An XPath expression, kept as it is: there is no hardware to ask.",
  },
  comment: { type: "String", required: false, doc: "For people." },
  kernel_opts: { type: "String", required: false, doc: "Kernel options, kept as they are." },
};

/** MAAS's `tags/`. */
export const maasTagOperations: readonly MaasOperation[] = [
  {
    ...many,
    method: "GET",
    op: null,
    who: "user",
    title: "List tags",
    description: "List all tags, by name.",
    parameters: {},
    does: query(async ({ db }) => indentedJson((await listTags(db)).map(maasTag))),
  },
  {
    ...many,
    method: "POST",
    hasLargeBody: true,
    op: null,
    who: "administrator",
    isForm: true,
    title: "Create a tag",
    description: "Create a tag. Nodes get it by update-nodes.",
    parameters: {
      name: { type: "String", required: true, doc: "Its name: letters, digits, - and _.", sample: "gpu" },
      ...fields,
    },
    does: command({
      action: createTag,
      input: async ({ request }) => ({
        name: parseTagName(request.parameters.last("name") ?? ""),
        definition: "",
        comment: "",
        kernelOpts: "",
        ...tagFields(request),
      }),
      output: (tag) => indentedJson(maasTag(tag)),
    }),
  },
  {
    ...one,
    method: "GET",
    op: null,
    who: "user",
    title: "Read a tag",
    description: "Read a tag.",
    parameters: {},
    does: query(async ({ db, request }) => indentedJson(maasTag(await getTag(db, nameOf(request))))),
  },
  {
    ...one,
    method: "PUT",
    hasLargeBody: true,
    op: null,
    who: "administrator",
    title: "Update a tag",
    description: "Change a tag; what isn't given stays.",
    parameters: { name: { type: "String", required: false, doc: "Its new name." }, ...fields },
    example: "comment=Graphics",
    does: command({
      action: updateTag,
      async input({ request }) {
        const newName = given(request.parameters, "name");
        const changes = { ...(newName !== undefined && { name: parseTagName(newName) }), ...tagFields(request) };
        return { name: nameOf(request), changes };
      },
      output: ({ after }) => indentedJson(maasTag(after)),
    }),
  },
  {
    ...one,
    method: "DELETE",
    op: null,
    who: "administrator",
    title: "Delete a tag",
    description: "Delete a tag. Nodes that bear it lose it.",
    parameters: {},
    does: command({
      action: deleteTag,
      input: async ({ request }) => ({ name: nameOf(request) }),
      output: () => nothing,
    }),
  },
  {
    ...one,
    method: "POST",
    hasLargeBody: true,
    op: "update_nodes",
    who: "administrator",
    title: "Update the nodes of a tag",
    description:
      "Put the tag on nodes, and take it off others; what is named in both loses it. System ids that there are none of are passed over. The answer counts the others, whatever they bore before.",
    parameters: {
      add: { type: "String", required: false, doc: "The system id of a node that gets the tag. May be repeated." },
      remove: { type: "String", required: false, doc: "The system id of a node that loses the tag. May be repeated." },
      definition: { type: "String", required: false, doc: "If given, it must be the tag's definition as it is." },
      ...tagIgnored,
    },
    example: "add=abc346 remove=xk4d8p",
    does: command({
      action: tagNodes,
      async input({ db, request }) {
        const { name, definition } = await getTag(db, nameOf(request));
        const expected = request.parameters.last("definition");
        if (expected !== undefined && expected !== definition) {
          const message = `Definition supplied '${expected}' doesn't match current definition '${definition}'`;
          throw new Refusal("conflict", message);
        }
        return { name, add: list(request, "add"), remove: list(request, "remove"), passesUnknown: true };
      },
      output: ({ known, unknown }) => {
        const sentences = Object.entries(unknown)
          .filter(([, count]) => count > 0)
          .map(([name, count]) => `${count} of ${name} is ignored: there is no such node`);
        return withWarnings(indentedJson({ added: known.add, removed: known.remove }), sentences);
      },
    }),
  },
  nodesWithTag("nodes", "nodes", nodeTypes),
  nodesWithTag("machines", "machines", ["machine"]),
  nodesWithTag("devices", "devices", ["device"]),
  nodesWithTag("rack_controllers", "rack controllers", ["rack controller", "region and rack controller"]),
  nodesWithTag("region_controllers", "region controllers", ["region controller", "region and rack controller"]),
];

function nodesWithTag(op: string, words: string, types: readonly NodeType[]): MaasOperation {
  return {
    ...one,
    method: "GET",
    op,
    who: "user",
    title: `List ${words} with a tag`,
    description: `List the ${words} that bear the tag and that you may see.`,
    parameters: {},
    does: query(async ({ db, actor, request }) => {
      const { name } = await getTag(db, nameOf(request));
      const nodes = await listNodes(db, seenBy(actingUser(actor), { types, tags: [name] }));
      return indentedJson(await shownNodes(db, nodes));
    }),
  };
}

function nameOf({ path }: MaasRequest): string {
  return path["name"] ?? "";
}

function list({ parameters }: MaasRequest, name: string): readonly string[] {
  return [...new Set(parameters.all(name).filter((systemId) => systemId !== ""))];
}

function tagFields({ parameters }: MaasRequest) {
  const definition = parameters.last("definition");
  const comment = parameters.last("comment");
  const kernelOpts = parameters.last("kernel_opts");
  return {
    ...(definition !== undefined && { definition: parseFreeText(definition, "definition", definitionLengthMax) }),
    ...(comment !== undefined && { comment: parseFreeText(comment, "comment") }),
    ...(kernelOpts !== undefined && { kernelOpts: parseFreeText(kernelOpts, "kernel_opts") }),
  };
}
