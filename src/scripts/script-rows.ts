import type { Tx } from "../audit/action.ts";
import { invalidField } from "../refusal.ts";
import { choiceNamed, hardwareTypes, parallels, scriptTypes } from "./fields/choices.ts";
import type { ScriptContent } from "./fields/content.ts";
import { findScript } from "./queries.ts";
import type { ScriptFields } from "./fields/script.ts";

/** A script's fields as their columns. */
export function scriptColumns(script: ScriptFields) {
  return {
    name: script.name,
    title: script.title,
    description: script.description,
    tags: JSON.stringify(script.tags),
    script_type: choiceNamed(scriptTypes, script.type).number,
    hardware_type: choiceNamed(hardwareTypes, script.hardwareType).number,
    parallel: choiceNamed(parallels, script.parallel).number,
    packages: JSON.stringify(script.packages),
    timeout_seconds: script.timeoutSeconds,
    destructive: Number(script.destructive),
    for_hardware: JSON.stringify(script.forHardware),
    may_reboot: Number(script.mayReboot),
    recommission: Number(script.recommission),
    apply_configured_networking: Number(script.applyConfiguredNetworking),
    results: JSON.stringify(script.results),
    parameters: JSON.stringify(script.parameters),
  };
}

/** Puts a version on top of the others. Returns its id. */
export async function insertRevision(
  tx: Tx,
  scriptId: number,
  { text, sizeBytes }: ScriptContent,
  { comment, now }: { readonly comment: string | null; readonly now: number },
): Promise<number> {
  const { id } = await tx
    .insertInto("script_revision")
    .values({ script_id: scriptId, content: text, size_bytes: sizeBytes, comment, created: now })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

export async function refuseTaken(tx: Tx, name: string): Promise<void> {
  if ((await findScript(tx, { nameOrId: name })) === undefined) return;
  throw invalidField("name", "Script with this Name already exists.");
}
