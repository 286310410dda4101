import { Type } from "typebox";
import { listOf, nativeList } from "../../http/native/list.ts";
import { nativeOperation, type NativeOperation } from "../../http/native/operation.ts";
import { nativeTag, tagSchema } from "../native-schemas.ts";
import { parseFreeText } from "../inventory/node.ts";
import { parseTagName } from "../places/place.ts";
import { createTag, deleteTag, tagNodes, updateTag } from "./tag-actions.ts";
import { getTag, listTags } from "./tag-queries.ts";

const definitionLengthMax = 65_536;
const fields = {
  definition: Type.Optional(Type.String({ description: "An XPath expression, kept as it is." })),
  comment: Type.Optional(Type.String({ description: "For people." })),
  kernel_opts: Type.Optional(Type.String({ description: "Kept as they are." })),
};
const systemIds = (description: string) => Type.Optional(Type.Array(Type.String(), { maxItems: 1_000, description }));

/** The words that nodes bear. */
export const nativeTagOperations: readonly NativeOperation[] = [
  nativeOperation({
    path: "/tags",
    method: "GET",
    id: "listTags",
    who: "user",
    summary: "List tags",
    answer: { status: 200, description: "All of them, by name.", schema: listOf(tagSchema) },
    does: ({ query }) =>
      query(async ({ db }) => ({ status: 200, body: nativeList((await listTags(db)).map(nativeTag)) })),
  }),
  nativeOperation({
    path: "/tags",
    method: "POST",
    id: "createTag",
    hasLargeBody: true,
    who: "administrator",
    summary: "Create a tag",
    body: Type.Object({ name: Type.String(), ...fields }, { additionalProperties: false }),
    answer: { status: 201, description: "The new tag.", schema: tagSchema },
    does: ({ command }) =>
      command({
        action: createTag,
        input: async ({ request: { body } }) => ({
          definition: "",
          comment: "",
          kernelOpts: "",
          ...tagChanges(body),
          name: parseTagName(body.name),
        }),
        output: (tag) => ({ status: 201, body: nativeTag(tag) }),
      }),
  }),
  nativeOperation({
    path: "/tags/{name}",
    method: "GET",
    id: "readTag",
    who: "user",
    summary: "Read a tag",
    answer: { status: 200, description: "The tag.", schema: tagSchema },
    does: ({ query }) =>
      query(async ({ db, request }) => {
        return { status: 200, body: nativeTag(await getTag(db, request.path["name"] ?? "")) };
      }),
  }),
  nativeOperation({
    path: "/tags/{name}",
    method: "PATCH",
    id: "updateTag",
    hasLargeBody: true,
    who: "administrator",
    summary: "Change a tag",
    description: "What isn't given stays.",
    body: Type.Object({ name: Type.Optional(Type.String()), ...fields }, { additionalProperties: false }),
    answer: { status: 200, description: "The tag as it is now.", schema: tagSchema },
    does: ({ command }) =>
      command({
        action: updateTag,
        input: async ({ request }) => ({ name: request.path["name"] ?? "", changes: tagChanges(request.body) }),
        output: ({ after }) => ({ status: 200, body: nativeTag(after) }),
      }),
  }),
  nativeOperation({
    path: "/tags/{name}",
    method: "DELETE",
    id: "deleteTag",
    who: "administrator",
    summary: "Delete a tag",
    description: "Nodes that bear it lose it.",
    answer: { status: 204, description: "The tag is gone." },
    does: ({ command }) =>
      command({
        action: deleteTag,
        input: async ({ request: { path } }) => ({ name: path["name"] ?? "" }),
        output: () => ({ status: 204 }),
      }),
  }),
  nativeOperation({
    path: "/tags/{name}/nodes",
    method: "PATCH",
    id: "tagNodes",
    hasLargeBody: true,
    who: "administrator",
    summary: "Tag nodes",
    description: "What is named in both lists loses the tag.",
    body: Type.Object(
      { add: systemIds("System ids of nodes that get the tag."), remove: systemIds("… and of those that lose it.") },
      { additionalProperties: false },
    ),
    answer: {
      status: 200,
      description: "How many nodes have got the tag, and how many have lost it.",
      schema: Type.Object({ added: Type.Integer(), removed: Type.Integer() }),
    },
    does: ({ command }) =>
      command({
        action: tagNodes,
        input: async ({ request: { path, body } }) => ({
          name: path["name"] ?? "",
          add: [...new Set(body.add)],
          remove: [...new Set(body.remove)],
        }),
        output: ({ tagged, untagged }) => ({ status: 200, body: { added: tagged.length, removed: untagged.length } }),
      }),
  }),
];

function tagChanges(body: {
  readonly name?: string;
  readonly definition?: string;
  readonly comment?: string;
  readonly kernel_opts?: string;
}) {
  const { name, definition, comment, kernel_opts: kernelOpts } = body;
  return {
    ...(name !== undefined && { name: parseTagName(name) }),
    ...(definition !== undefined && { definition: parseFreeText(definition, "definition", definitionLengthMax) }),
    ...(comment !== undefined && { comment: parseFreeText(comment, "comment") }),
    ...(kernelOpts !== undefined && { kernelOpts: parseFreeText(kernelOpts, "kernel_opts") }),
  };
}
