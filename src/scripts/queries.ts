import type { Selectable } from "kysely";
import type { Reader } from "../audit/action.ts";
import type { ScriptRevisionTable, ScriptTable } from "./tables.ts";
import { Refusal } from "../refusal.ts";
import {
  choiceNamed,
  choiceNumbered,
  type HardwareType,
  hardwareTypes,
  parallels,
  type ScriptType,
  scriptTypes,
} from "./fields/choices.ts";
import type { FullRevision, JsonObject, Revision, Script } from "./fields/script.ts";

/** Which script: its name, or its id in digits. With a type, only one of that type. */
export interface ScriptKey {
  readonly nameOrId: string;
  readonly type?: ScriptType | undefined;
}

export interface ScriptFilter {
  readonly type?: ScriptType | undefined;
  readonly hardwareType?: HardwareType | undefined;
  /** Only those whose name, or one of whose tags, is one of these. */
  readonly words?: readonly string[] | undefined;
}

/** The scripts that match, by name. */
export async function listScripts(db: Reader, { type, hardwareType, words }: ScriptFilter): Promise<readonly Script[]> {
  let query = scripts(db);
  if (type !== undefined) query = query.where("script_type", "=", choiceNamed(scriptTypes, type).number);
  if (hardwareType !== undefined) {
    query = query.where("hardware_type", "=", choiceNamed(hardwareTypes, hardwareType).number);
  }
  const found = (await query.execute()).map(asScript);
  const wanted =
    words === undefined
      ? found
      : found.filter(({ name, tags }) => words.includes(name) || tags.some((tag) => words.includes(tag)));
  // Not the database's order, which depends on its locale.
  return wanted.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

export async function findScript(db: Reader, { nameOrId, type }: ScriptKey): Promise<Script | undefined> {
  let query = scripts(db);
  if (!/^\d+$/.test(nameOrId)) query = query.where("name", "=", nameOrId);
  else if (nameOrId.length <= 15) query = query.where("script.id", "=", Number(nameOrId));
  else return undefined;
  if (type !== undefined) query = query.where("script_type", "=", choiceNamed(scriptTypes, type).number);
  const row = await query.executeTakeFirst();
  return row === undefined ? undefined : asScript(row);
}

/** The script of that name or id. Refuses with `not_found`. */
export async function getScript(db: Reader, key: ScriptKey): Promise<Script> {
  const script = await findScript(db, key);
  if (script === undefined) throw new Refusal("not_found", `There is no script '${key.nameOrId}'.`);
  return script;
}

/** Every version of a script, newest first. */
export async function listRevisions(db: Reader, scriptId: number): Promise<readonly Revision[]> {
  const rows = await db
    .selectFrom("script_revision")
    .select(["id", "comment", "created", "size_bytes"])
    .where("script_id", "=", scriptId)
    .orderBy("id", "desc")
    .execute();
  return rows.map(asRevision);
}

/** Every version of every script, newest first, by the id of the script. */
export async function listAllRevisions(db: Reader): Promise<ReadonlyMap<number, readonly Revision[]>> {
  const rows = await db
    .selectFrom("script_revision")
    .select(["id", "script_id", "comment", "created", "size_bytes"])
    .orderBy("id", "desc")
    .execute();
  const byScript = Map.groupBy(rows, (row) => row.script_id);
  return new Map([...byScript].map(([scriptId, own]) => [scriptId, own.map(asRevision)]));
}

/** Every version of a script with its text, newest first. */
export async function listFullRevisions(db: Reader, scriptId: number): Promise<readonly FullRevision[]> {
  const rows = await db
    .selectFrom("script_revision")
    .selectAll()
    .where("script_id", "=", scriptId)
    .orderBy("id", "desc")
    .execute();
  return rows.map(asFullRevision);
}

/** One version of a script; undefined if the script has none of that id. */
export async function findRevision(db: Reader, scriptId: number, id: number): Promise<FullRevision | undefined> {
  const row = await db
    .selectFrom("script_revision")
    .selectAll()
    .where("script_id", "=", scriptId)
    .where("id", "=", id)
    .executeTakeFirst();
  return row === undefined ? undefined : asFullRevision(row);
}

/** The version before another one; undefined if that is the first. */
export async function findRevisionBefore(db: Reader, scriptId: number, id: number): Promise<FullRevision | undefined> {
  const row = await db
    .selectFrom("script_revision")
    .selectAll()
    .where("script_id", "=", scriptId)
    .where("id", "<", id)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : asFullRevision(row);
}

/** The version that counts. */
export async function getCurrentRevision(db: Reader, { id, name, revision }: Script): Promise<FullRevision> {
  const current = await findRevision(db, id, revision);
  if (current === undefined) throw new Error(`the script ${name} has lost its text`);
  return current;
}

function scripts(db: Reader) {
  return db
    .selectFrom("script")
    .selectAll()
    .select(({ selectFrom }) =>
      selectFrom("script_revision")
        .select(({ fn }) => fn.max("script_revision.id").as("newest"))
        .whereRef("script_revision.script_id", "=", "script.id")
        .as("revision"),
    );
}

function asScript(row: Selectable<ScriptTable> & { readonly revision: number | null }): Script {
  return {
    id: row.id,
    revision: row.revision ?? 0,
    name: row.name,
    title: row.title,
    description: row.description,
    tags: textsOf(row.tags),
    type: choiceNumbered(scriptTypes, row.script_type),
    hardwareType: choiceNumbered(hardwareTypes, row.hardware_type),
    parallel: choiceNumbered(parallels, row.parallel),
    packages: objectOf(row.packages),
    timeoutSeconds: row.timeout_seconds,
    destructive: row.destructive === 1,
    forHardware: textsOf(row.for_hardware),
    mayReboot: row.may_reboot === 1,
    recommission: row.recommission === 1,
    applyConfiguredNetworking: row.apply_configured_networking === 1,
    results: row.results.startsWith("[") ? textsOf(row.results) : objectOf(row.results),
    parameters: objectOf(row.parameters),
    created: row.created,
    updated: row.updated,
  };
}

/** Only what a reader of fields has passed is ever stored; so for the next one. */
function textsOf(json: string): readonly string[] {
  return JSON.parse(json) as readonly string[];
}

function objectOf(json: string): JsonObject {
  return JSON.parse(json) as JsonObject;
}

function asRevision(row: Pick<Selectable<ScriptRevisionTable>, "id" | "comment" | "created" | "size_bytes">): Revision {
  return { id: row.id, comment: row.comment, created: row.created, sizeBytes: row.size_bytes };
}

function asFullRevision(row: Selectable<ScriptRevisionTable>): FullRevision {
  return { ...asRevision(row), content: row.content };
}
