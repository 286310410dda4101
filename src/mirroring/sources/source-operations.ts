import { randomUUID } from "node:crypto";
import { Type } from "typebox";
import type { Database } from "../../database/database.ts";
import type { ShownWorker, WorkerDesk } from "../../following/workers.ts";
import { listOf, nativeList } from "../../http/native/list.ts";
import { nativeOperation, type NativeOperation } from "../../http/native/operation.ts";
import { bodyOf } from "../../http/native/resource.ts";
import { invalidField, Refusal } from "../../refusal.ts";
import type { Secrets } from "../../secrets/secrets.ts";
import { mirrorName } from "../mirror-worker.ts";
import { countRuns, newestRuns, readPosition } from "../ledger/position.ts";
import { checkSource } from "./check.ts";
import { continueSource, createSource, deleteSource, updateSource } from "./source-actions.ts";
import { parseSourceBody } from "./source-body.ts";
import { getSource, listSources, openSource } from "./source-queries.ts";
import {
  checkedWaySchema,
  editable,
  nativeSource,
  nativeSourceWithLedger,
  secretFields,
  sourceSchema,
  type SourceState,
  sourceWithLedgerSchema,
} from "./source-schema.ts";
import { parseSourceName, parseSourceUrl, type Source, type SourceSettings, wayOf } from "./source.ts";

export interface SourceParts {
  readonly workers: WorkerDesk;
  /** Undefined where somebody only looks at the operations. */
  readonly secrets?: Secrets;
}

const columns = ["name", "state", "mirrored", "gaps", "vanished", "changed", "read_at", "trouble"] as const;
const optional = Type.Partial(Type.Object({ ...editable, ...secretFields })).properties;

/** Other MAASes whose events are mirrored. */
export function sourceOperations(parts: SourceParts): readonly NativeOperation[] {
  return [...reading(parts), ...changing(parts), ...asking(parts)];
}

const reading = ({ workers }: SourceParts): readonly NativeOperation[] => [
  nativeOperation({
    path: "/sources",
    method: "GET",
    id: "listSources",
    command: ["sources", "list"],
    columns,
    who: "auditor",
    summary: "List mirrored sources",
    answer: { status: 200, description: "By name, without their secrets.", schema: listOf(sourceSchema) },
    does: ({ query }) =>
      query(async ({ db }) => {
        const [sources, running] = await Promise.all([listSources(db), workers.list()]);
        const shown = sources.map(async (source) => nativeSource(source, await stateAmong(db, running, source)));
        return { status: 200, body: nativeList(await Promise.all(shown)) };
      }),
  }),
  nativeOperation({
    path: "/sources/{name}",
    method: "GET",
    id: "readSource",
    command: ["sources", "read"],
    who: "auditor",
    summary: "Read a mirrored source",
    description: "With its ledger: which ids are gaps, vanished or changed.",
    answer: { status: 200, description: "The source, without its secrets.", schema: sourceWithLedgerSchema },
    does: ({ query }) =>
      query(async ({ db, request }) => {
        const source = await getSource(db, request.path["name"] ?? "");
        const state = await stateFor(db, workers, source);
        return { status: 200, body: nativeSourceWithLedger(source, state, await newestRuns(db, source)) };
      }),
  }),
];

const changing = ({ workers, secrets }: SourceParts): readonly NativeOperation[] => [
  nativeOperation({
    path: "/sources",
    method: "POST",
    id: "createSource",
    command: ["sources", "create"],
    who: "administrator",
    needsFreshFactor: true,
    summary: "Mirror another MAAS",
    description:
      "By its database, which shows everything; where none is given by API v3 (url, username, password; MAAS 3.6 and newer), or by API 2.0 (url, apikey). It begins at once, unless is_enabled is false. The check says what each way shows.",
    body: bodyOf({ name: Type.String({ description: "1 to 40 small letters, digits and hyphens." }), ...optional }),
    answer: { status: 201, description: "The new source.", schema: sourceSchema },
    does: ({ command }) =>
      command({
        action: createSource,
        async input({ now, request: { body } }) {
          const uuid = randomUUID();
          const plainHttp = body.plain_http ?? false;
          const given = parseSourceBody(body, plainHttp, secrets, uuid);
          const { database = null, url = null, username = null, sealed } = given;
          const settings: SourceSettings = {
            name: parseSourceName(body.name),
            database,
            url,
            username,
            allowsPlainHttp: plainHttp,
            isEnabled: body.is_enabled ?? true,
          };
          return { uuid, settings, secrets: { databasePassword: null, apiKey: null, password: null, ...sealed }, now };
        },
        output: async (source, { db }) => ({
          status: 201,
          body: nativeSource(source, await stateFor(db, workers, source)),
        }),
      }),
  }),
  nativeOperation({
    path: "/sources/{name}",
    method: "PATCH",
    id: "updateSource",
    command: ["sources", "update"],
    who: "administrator",
    needsFreshFactor: true,
    summary: "Change a mirrored source",
    description:
      "A secret that was entered for another address must be entered again. A source that is read another way from now on is mirrored anew, as another generation.",
    body: bodyOf(optional),
    answer: { status: 200, description: "The source as it is now.", schema: sourceSchema },
    does: ({ command }) =>
      command({
        action: updateSource,
        async input({ db, now, request: { path, body } }) {
          const source = await getSource(db, path["name"] ?? "");
          const allowsPlainHttp = body.plain_http ?? source.allowsPlainHttp;
          const { sealed, ...changes } = parseSourceBody(body, allowsPlainHttp, secrets, source.uuid);
          const { url = source.url } = changes;
          if (url !== null) parseSourceUrl(url, allowsPlainHttp);
          const isEnabled = body.is_enabled ?? source.isEnabled;
          return { name: source.name, changes: { ...changes, allowsPlainHttp, isEnabled }, secrets: sealed, now };
        },
        output: async ({ after }, { db }) => ({
          status: 200,
          body: nativeSource(after, await stateFor(db, workers, after)),
        }),
      }),
  }),
  nativeOperation({
    path: "/sources/{name}",
    method: "DELETE",
    id: "deleteSource",
    command: ["sources", "delete"],
    who: "administrator",
    needsFreshFactor: true,
    summary: "Stop mirroring a MAAS for good",
    description: "What was mirrored stays in the log; the ledger goes.",
    answer: { status: 204, description: "It is gone." },
    does: ({ command }) =>
      command({
        action: deleteSource,
        input: async ({ request: { path } }) => ({ name: path["name"] ?? "" }),
        output: () => ({ status: 204 }),
      }),
  }),
  nativeOperation({
    path: "/sources/{name}/continue",
    method: "POST",
    id: "continueSource",
    command: ["sources", "continue"],
    who: "administrator",
    needsFreshFactor: true,
    summary: "Go on with a source that was set back",
    description: "Begins a new generation: all that is there now is mirrored anew, beside what was mirrored before.",
    body: bodyOf({
      new_generation: Type.Boolean({ description: "Must be true: the same ids are other events from now on." }),
    }),
    answer: { status: 200, description: "The source as it is now.", schema: sourceSchema },
    does: ({ command }) =>
      command({
        action: continueSource,
        async input({ now, request: { path, body } }) {
          if (!body.new_generation) {
            throw invalidField("new_generation", "Enter new_generation=true to mirror it anew as another generation.");
          }
          return { name: path["name"] ?? "", now };
        },
        output: async (source, { db }) => ({
          status: 200,
          body: nativeSource(source, await stateFor(db, workers, source)),
        }),
      }),
  }),
];

const asking = ({ workers, secrets }: SourceParts): readonly NativeOperation[] => [
  nativeOperation({
    path: "/sources/{name}/check",
    method: "POST",
    id: "checkSource",
    command: ["sources", "check"],
    who: "administrator",
    summary: "Ask what a source shows",
    description:
      "Connects in each way that the source has, and says what that way shows and hides. Nothing is changed.",
    answer: {
      status: 200,
      description: "Each way, the best one first.",
      schema: Type.Object({ ways: Type.Array(checkedWaySchema) }),
    },
    does: ({ query }) =>
      query(async ({ db, request }) => {
        const ways = await checkSource(await openSource(db, secrets, request.path["name"] ?? ""));
        const body = ways.map(({ isUsable, ...way }) => ({ ...way, is_usable: isUsable }));
        return { status: 200, body: { ways: body } };
      }),
  }),
  nativeOperation({
    path: "/sources/{name}/compare",
    method: "POST",
    id: "compareSource",
    command: ["sources", "compare"],
    who: "auditor",
    summary: "Compare a source with what was mirrored",
    description:
      "Starts a pass over all its rows in the background, which else begins once a day. What vanished or changed is recorded.",
    answer: { status: 202, description: "The source as it is now.", schema: sourceSchema },
    does: ({ query }) =>
      query(async ({ db, request }) => {
        const source = await getSource(db, request.path["name"] ?? "");
        if (wayOf(source) !== "database") {
          throw new Refusal("conflict", "This source is read over an API, which can't tell what vanished or changed.");
        }
        if (!source.isEnabled) throw new Refusal("conflict", "This source is disabled: enable it first.");
        const state = await stateFor(db, workers, source);
        if (state.worker === undefined) throw new Refusal("conflict", "This source isn't mirrored yet: try again.");
        await workers.request(mirrorName(source.name));
        return { status: 202, body: nativeSource(source, state) };
      }),
  }),
];

async function stateFor(db: Database, workers: WorkerDesk, source: Source): Promise<SourceState> {
  return stateAmong(db, await workers.list(), source);
}

async function stateAmong(db: Database, running: readonly ShownWorker[], source: Source): Promise<SourceState> {
  const worker = running.find(({ name }) => name === mirrorName(source.name));
  return { position: await readPosition(db, source), counts: await countRuns(db, source), worker };
}
