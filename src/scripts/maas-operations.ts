import type { Database } from "../database/database.ts";
import { indentedJson, nothing } from "../http/maas/answer.ts";
import type { MaasOperation, MaasRequest } from "../http/maas/operation.ts";
import { command, query } from "../http/operations/operation.ts";
import { Refusal } from "../refusal.ts";
import { createScript, deleteScript, revertScript, tagScript, untagScript, updateScript } from "./actions.ts";
import {
  changingParameters,
  filterParameters,
  includeScriptParameter,
  includesScript,
  parseInteger,
  parseScriptFilter,
  savingParameters,
  sentScript,
} from "./maas-parameters.ts";
import { download, maasScript } from "./maas-rendering.ts";
import {
  findRevision,
  getScript,
  listAllRevisions,
  listFullRevisions,
  listRevisions,
  listScripts,
  type ScriptKey,
} from "./queries.ts";
import { parseNewSaving, parseSaving } from "./saving.ts";
import type { Revision, Script } from "./fields/script.ts";

const many = {
  resource: { name: "NodeScriptsHandler", doc: "Manage custom scripts, for commissioning and for tests." },
  path: "api/2.0/scripts/",
} as const;
const one = {
  resource: {
    name: "NodeScriptHandler",
    doc: "Manage or view a custom script.",
    argument: { doc: "The script's name or id, as 'node-scripts read' lists it.", sample: "disk-check" },
  },
  path: "api/2.0/scripts/{name}",
} as const;

/** MAAS's `scripts/`: MAAS API 2.0, `maasserver/api/scripts.py`. */
export const maasScriptOperations: readonly MaasOperation[] = [
  {
    ...many,
    method: "GET",
    op: null,
    who: "user",
    title: "List stored scripts",
    description: "List the scripts, by name. Scripts can be filtered, and come with the history of their versions.",
    parameters: { ...filterParameters, ...includeScriptParameter },
    does: query(async ({ db, request: { query } }) => {
      const scripts = await listScripts(db, parseScriptFilter(query));
      const histories = await listAllRevisions(db);
      const listed = scripts.map((script) => ({ script, history: histories.get(script.id) ?? [] }));
      if (!includesScript(query)) return indentedJson(listed.map(({ script, history }) => maasScript(script, history)));
      refuseTooMuch(listed.flatMap(({ history }) => history));
      const full = [];
      for (const script of scripts) full.push(maasScript(script, await listFullRevisions(db, script.id)));
      return indentedJson(full);
    }),
  },
  {
    ...many,
    method: "POST",
    hasLargeBody: true,
    op: null,
    who: "administrator",
    title: "Create a new script",
    description: "Create a script. What its embedded metadata says can't be overridden, but for tags and timeout.",
    parameters: savingParameters,
    example: "name=disk-check type=testing script@=disk-check.sh",
    does: command({
      action: createScript,
      input: async ({ now, request }) => ({ ...parseNewSaving(sentScript(request.parameters)), now }),
      output: ({ script, history }) => indentedJson(maasScript(script, history)),
    }),
  },
  {
    ...one,
    method: "GET",
    op: null,
    who: "user",
    title: "Return script metadata",
    description:
      "Read what is known of a script, and the history of its versions. A name of digits is taken for an id.",
    parameters: includeScriptParameter,
    does: query(async ({ db, request }) => {
      const isFull = includesScript(request.query);
      const script = await getScript(db, keyOf(request));
      return indentedJson(maasScript(script, await historyOf(db, script, isFull)));
    }),
  },
  {
    ...one,
    method: "PUT",
    hasLargeBody: true,
    op: null,
    who: "administrator",
    title: "Update a script",
    description:
      "Change a script; what isn't given stays. A new text becomes a new version, and the old ones are kept.",
    parameters: changingParameters,
    example: "script@=disk-check.sh comment=faster",
    does: command({
      action: updateScript,
      input: async ({ now, request }) => {
        return { key: keyOf(request), ...parseSaving(sentScript(request.parameters)), now };
      },
      output: ({ script, history }) => indentedJson(maasScript(script, history)),
    }),
  },
  {
    ...one,
    method: "DELETE",
    op: null,
    who: "administrator",
    title: "Delete a script",
    description: "Delete a script with all of its versions.",
    parameters: {},
    does: command({
      action: deleteScript,
      input: async ({ request }) => ({ key: keyOf(request) }),
      output: () => nothing,
    }),
  },
  {
    ...one,
    method: "GET",
    op: "download",
    who: "user",
    title: "Download a script",
    description: "Download the text of a script, of its newest version unless told otherwise.",
    parameters: {
      revision: { type: "Int", required: false, doc: "The id of the version, from the script's history." },
      rev: { type: "Int", required: false, doc: "The same as revision." },
    },
    does: query(async ({ db, request }) => {
      const script = await getScript(db, keyOf(request));
      const id = givenRevision(request) ?? script.revision;
      const revision = await findRevision(db, script.id, id);
      if (revision === undefined) throw new Refusal("invalid", `${id} not found in history`);
      return download(revision.content);
    }),
  },
  {
    ...one,
    method: "POST",
    op: "revert",
    who: "administrator",
    title: "Revert a script version",
    description: "Go back to an earlier version of a script. The versions that are newer are deleted.",
    parameters: {
      to: {
        type: "Int",
        required: true,
        doc: "The id of a version from the script's history, or a negative number: so many versions back.",
      },
    },
    example: "to=-1",
    does: command({
      action: revertScript,
      input: async ({ now, request }) => {
        return { key: keyOf(request), to: parseInteger(request.parameters.last("to") ?? "", "to"), now };
      },
      output: ({ script, history }) => indentedJson(maasScript(script, history)),
    }),
  },
  tagging("add_tag", "Add a tag", "Put a tag on a script.", tagScript),
  tagging("remove_tag", "Remove a tag", "Take a tag off a script.", untagScript),
];

function tagging(op: string, title: string, description: string, action: typeof tagScript): MaasOperation {
  return {
    ...one,
    method: "POST",
    op,
    who: "administrator",
    title,
    description: `${description} Those of its hardware type and of its destructiveness follow these alone.`,
    parameters: { tag: { type: "String", required: true, doc: "The tag, without commas.", sample: "nightly" } },
    does: command({
      action,
      input: async ({ now, request }) => ({ key: keyOf(request), tag: request.parameters.last("tag") ?? "", now }),
      output: ({ script, history }) => indentedJson(maasScript(script, history)),
    }),
  };
}

function keyOf({ path }: MaasRequest): ScriptKey {
  return { nameOrId: path["name"] ?? "" };
}

function givenRevision({ query }: MaasRequest): number | undefined {
  const name = query.last("revision") === undefined ? "rev" : "revision";
  const text = query.last(name) ?? "";
  return text === "" ? undefined : parseInteger(text, name);
}

async function historyOf(db: Database, { id }: Script, isFull: boolean) {
  const history = await listRevisions(db, id);
  if (!isFull) return history;
  refuseTooMuch(history);
  return listFullRevisions(db, id);
}

/** Of texts in one answer: it is built in memory, and base64 and JSON make it some three times as large there. */
const answerBytesMax = 33_554_432;

function refuseTooMuch(revisions: readonly Revision[]): void {
  const bytes = revisions.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (bytes <= answerBytesMax) return;
  throw new Refusal(
    "too_large",
    `These versions have ${bytes} bytes together, more than the ${answerBytesMax} that one answer holds: filter, or download them one by one.`,
  );
}
