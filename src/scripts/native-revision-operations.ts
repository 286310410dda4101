import { Type } from "typebox";
import { listOf, nativeList } from "../http/native/list.ts";
import { nativeOperation, type NativeOperation } from "../http/native/operation.ts";
import { Refusal } from "../refusal.ts";
import { revertScript } from "./actions.ts";
import {
  fullRevisionSchema,
  nativeFullRevision,
  nativeRevision,
  nativeScript,
  revisionSchema,
  scriptSchema,
} from "./native-schemas.ts";
import { findRevision, findRevisionBefore, getScript, listRevisions } from "./queries.ts";
import { unifiedDiff } from "./revision-diff.ts";
import { findPathId } from "../http/request/path-id.ts";

/** The versions of a script's text. */
export const nativeRevisionOperations: readonly NativeOperation[] = [
  nativeOperation({
    path: "/scripts/{name}/revisions",
    method: "GET",
    id: "listScriptRevisions",
    command: ["scripts", "revisions"],
    who: "user",
    summary: "List the revisions of a script",
    answer: { status: 200, description: "Newest first.", schema: listOf(revisionSchema) },
    does: ({ query }) =>
      query(async ({ db, request }) => {
        const { id } = await getScript(db, { nameOrId: request.path["name"] ?? "" });
        return { status: 200, body: nativeList((await listRevisions(db, id)).map(nativeRevision)) };
      }),
  }),
  nativeOperation({
    path: "/scripts/{name}/revisions/{id}",
    method: "GET",
    id: "readScriptRevision",
    command: ["scripts", "revision"],
    who: "user",
    summary: "Read a revision of a script",
    description: "With its text, and how that differs from the one before. The size of the difference is in the log.",
    answer: { status: 200, description: "The revision.", schema: fullRevisionSchema },
    does: ({ query }) =>
      query(async ({ db, request: { path } }) => {
        const script = await getScript(db, { nameOrId: path["name"] ?? "" });
        const { id = "" } = path;
        const number = findPathId(id);
        const revision = number === undefined ? undefined : await findRevision(db, script.id, number);
        if (revision === undefined)
          throw new Refusal("not_found", `The script '${script.name}' has no revision ${id}.`);
        const previous = await findRevisionBefore(db, script.id, revision.id);
        const diff = unifiedDiff(previous?.content ?? "", revision.content);
        return { status: 200, body: nativeFullRevision(revision, previous, diff) };
      }),
  }),
  nativeOperation({
    path: "/scripts/{name}/revert",
    method: "POST",
    id: "revertScript",
    command: ["scripts", "revert"],
    who: "administrator",
    summary: "Revert a script",
    description: "To an earlier revision. Those that are newer are deleted; what is known beside the text stays.",
    body: Type.Object(
      {
        to: Type.Integer({
          minimum: Number.MIN_SAFE_INTEGER,
          maximum: Number.MAX_SAFE_INTEGER,
          description: "The id of a revision, or a negative number: so many back.",
        }),
      },
      { additionalProperties: false },
    ),
    answer: { status: 200, description: "The script as it is now.", schema: scriptSchema },
    does: ({ command }) =>
      command({
        action: revertScript,
        input: async ({ now, request: { path, body } }) => {
          return { key: { nameOrId: path["name"] ?? "" }, to: body.to, now };
        },
        output: ({ script }) => ({ status: 200, body: nativeScript(script) }),
      }),
  }),
];
