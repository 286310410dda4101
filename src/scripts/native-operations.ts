import { Type } from "typebox";
import { listOf, nativeList } from "../http/native/list.ts";
import { nativeOperation, type NativeOperation } from "../http/native/operation.ts";
import { createScript, deleteScript, tagScript, untagScript, updateScript } from "./actions.ts";
import { hardwareTypeSchema, nativeScript, savingFields, scriptSchema, typeSchema } from "./native-schemas.ts";
import { getScript, listScripts, type ScriptKey } from "./queries.ts";
import { parseNewSaving, parseSaving, type SentScript } from "./saving.ts";

/** Commissioning and test scripts. */
export const nativeScriptOperations: readonly NativeOperation[] = [
  nativeOperation({
    path: "/scripts",
    method: "GET",
    id: "listScripts",
    who: "user",
    summary: "List scripts",
    query: Type.Object(
      {
        type: Type.Optional(typeSchema),
        hardware_type: Type.Optional(hardwareTypeSchema),
        filter: Type.Optional(Type.String({ description: "Only scripts of this name, or with this tag." })),
      },
      { additionalProperties: false },
    ),
    answer: { status: 200, description: "Those that match, by name.", schema: listOf(scriptSchema) },
    does: ({ query }) =>
      query(async ({ db, request: { query } }) => {
        const { type, hardware_type: hardwareType, filter } = query;
        const scripts = await listScripts(db, {
          type,
          hardwareType,
          words: filter === undefined ? undefined : [filter],
        });
        return { status: 200, body: nativeList(scripts.map(nativeScript)) };
      }),
  }),
  nativeOperation({
    path: "/scripts",
    method: "POST",
    id: "createScript",
    hasLargeBody: true,
    who: "administrator",
    summary: "Create a script",
    description: "What its embedded metadata says can't be overridden, but for tags and timeout.",
    body: Type.Object(
      { ...savingFields, script: Type.String({ description: "Its text, which begins with #!/." }) },
      { additionalProperties: false },
    ),
    answer: { status: 201, description: "The new script.", schema: scriptSchema },
    does: ({ command }) =>
      command({
        action: createScript,
        input: async ({ now, request: { body } }) => ({ ...parseNewSaving(sentScript(body)), now }),
        output: ({ script }) => ({ status: 201, body: nativeScript(script) }),
      }),
  }),
  nativeOperation({
    path: "/scripts/{name}",
    method: "GET",
    id: "readScript",
    who: "user",
    summary: "Read a script",
    description: "By its name or its id. Its text is with its revisions.",
    answer: { status: 200, description: "The script.", schema: scriptSchema },
    does: ({ query }) =>
      query(async ({ db, request }) => ({ status: 200, body: nativeScript(await getScript(db, keyOf(request))) })),
  }),
  nativeOperation({
    path: "/scripts/{name}",
    method: "PATCH",
    id: "updateScript",
    hasLargeBody: true,
    who: "administrator",
    summary: "Change a script",
    description: "What isn't given stays. A new text becomes a new revision; the same text doesn't.",
    body: Type.Object(
      { ...savingFields, script: Type.Optional(Type.String({ description: "Its new text." })) },
      { additionalProperties: false },
    ),
    answer: { status: 200, description: "The script as it is now.", schema: scriptSchema },
    does: ({ command }) =>
      command({
        action: updateScript,
        input: async ({ now, request }) => ({ key: keyOf(request), ...parseSaving(sentScript(request.body)), now }),
        output: ({ script }) => ({ status: 200, body: nativeScript(script) }),
      }),
  }),
  nativeOperation({
    path: "/scripts/{name}",
    method: "DELETE",
    id: "deleteScript",
    who: "administrator",
    summary: "Delete a script",
    description: "With all of its revisions.",
    answer: { status: 204, description: "The script is gone." },
    does: ({ command }) =>
      command({
        action: deleteScript,
        input: async ({ request }) => ({ key: keyOf(request) }),
        output: () => ({ status: 204 }),
      }),
  }),
  tagging("PUT", "tagScript", "Tag a script", tagScript),
  tagging("DELETE", "untagScript", "Take a tag off a script", untagScript),
];

function tagging(method: "PUT" | "DELETE", id: string, summary: string, action: typeof tagScript): NativeOperation {
  return nativeOperation({
    path: "/scripts/{name}/tags/{tag}",
    method,
    id,
    who: "administrator",
    summary,
    description: "Tags that tell its hardware type and its destructiveness follow these alone.",
    answer: { status: 200, description: "The script as it is now.", schema: scriptSchema },
    does: ({ command }) =>
      command({
        action,
        input: async ({ now, request }) => ({ key: keyOf(request), tag: request.path["tag"] ?? "", now }),
        output: ({ script }) => ({ status: 200, body: nativeScript(script) }),
      }),
  });
}

function keyOf({ path }: { readonly path: Readonly<Record<string, string>> }): ScriptKey {
  return { nameOrId: path["name"] ?? "" };
}

function sentScript({
  script,
  comment,
  ...fields
}: {
  readonly script?: string;
  readonly comment?: string;
}): SentScript {
  return { fields: Object.entries(fields), script, comment };
}
