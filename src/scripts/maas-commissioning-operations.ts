import { acknowledgement, indentedJson, nothing } from "../http/maas/answer.ts";
import type { MaasOperation, MaasRequest } from "../http/maas/operation.ts";
import { command, query } from "../http/operations/operation.ts";
import { Refusal } from "../refusal.ts";
import { createScript, deleteScript, updateScript } from "./actions.ts";
import { download } from "./maas-rendering.ts";
import { getCurrentRevision, getScript, listScripts, type ScriptKey } from "./queries.ts";
import { parseNewSaving, parseSaving } from "./saving.ts";
import type { Script } from "./fields/script.ts";

const many = {
  resource: {
    name: "CommissioningScriptsHandler",
    doc: "Manage custom commissioning scripts (deprecated: use node-scripts).",
    isForAdministrators: true,
  },
  path: "api/2.0/commissioning-scripts/",
  who: "administrator",
} as const;
const one = {
  resource: {
    name: "CommissioningScriptHandler",
    doc: "Manage a custom commissioning script (deprecated: use node-script).",
    isForAdministrators: true,
    argument: { doc: "The script's name, as 'commissioning-scripts read' lists it.", sample: "find-disks" },
  },
  path: "api/2.0/commissioning-scripts/{name}",
  who: "administrator",
} as const;

const content = {
  content: { type: "String", required: true, doc: "The script, as a file: with the maas client, content@=FILE." },
} as const;
const type = "commissioning";

/** MAAS's `commissioning-scripts/`, older than `scripts/`: what it does is recorded as there, which MAAS left out. */
export const maasCommissioningOperations: readonly MaasOperation[] = [
  {
    ...many,
    method: "GET",
    op: null,
    title: "List commissioning scripts",
    description: "List the names of the commissioning scripts.",
    parameters: {},
    does: query(async ({ db }) => indentedJson((await listScripts(db, { type })).map(({ name }) => name))),
  },
  {
    ...many,
    method: "POST",
    hasLargeBody: true,
    op: null,
    title: "Create a new commissioning script",
    description: "Create a commissioning script.",
    parameters: { name: { type: "String", required: true, doc: "The name of the script." }, ...content },
    example: "name=find-disks content@=find-disks.sh",
    does: command({
      action: createScript,
      async input({ now, request }) {
        const name = request.parameters.last("name") ?? "";
        const fields = Object.entries({ name, type });
        return { ...parseNewSaving({ fields, script: contentOf(request), comment: undefined }), now };
      },
      output: ({ script, content: { text } }) => indentedJson(commissioningScript(script, text)),
    }),
  },
  {
    ...one,
    method: "GET",
    op: null,
    title: "Read a commissioning script",
    description: "Download the text of a commissioning script.",
    parameters: {},
    does: query(async ({ db, request }) => {
      const script = await getScript(db, keyOf(request));
      return download((await getCurrentRevision(db, script)).content);
    }),
  },
  {
    ...one,
    method: "PUT",
    hasLargeBody: true,
    op: null,
    title: "Update a commissioning script",
    description: "Give a commissioning script a new text; the old versions are kept.",
    parameters: content,
    example: "content@=find-disks.sh",
    does: command({
      action: updateScript,
      async input({ now, request }) {
        const fields = Object.entries({ type });
        return {
          key: keyOf(request),
          ...parseSaving({ fields, script: contentOf(request), comment: undefined }),
          now,
        };
      },
      output: () => acknowledgement("OK", 200),
    }),
  },
  {
    ...one,
    method: "DELETE",
    op: null,
    title: "Delete a commissioning script",
    description: "Delete a commissioning script with all of its versions.",
    parameters: {},
    does: command({
      action: deleteScript,
      input: async ({ request }) => ({ key: keyOf(request) }),
      output: () => nothing,
    }),
  },
];

function keyOf({ path }: MaasRequest): ScriptKey {
  return { nameOrId: path["name"] ?? "", type };
}

/** A field of that name is not a file, and so isn't taken, as in MAAS. */
function contentOf({ parameters }: MaasRequest): Buffer {
  const upload = parameters.upload("content");
  if (upload === undefined) throw new Refusal("invalid", "No provided content!");
  return upload.content;
}

function commissioningScript({ name }: Script, text: string) {
  return {
    name,
    content: Buffer.from(text).toString("base64"),
    deprecated: "Commissioning scripts are managed at scripts/; this address is kept for older clients.",
    resource_uri: `/MAAS/api/2.0/commissioning-scripts/${encodeURIComponent(name)}`,
  };
}
