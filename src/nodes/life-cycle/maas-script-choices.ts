import type { MaasParameter } from "../../http/maas/operation.ts";
import type { Parameters } from "../../http/maas/parameters/parameters.ts";
import type { ScriptChoices } from "./script-choices.ts";

const docs: Readonly<Record<keyof ScriptChoices, string>> = {
  commissioning_scripts:
    "Names, ids or tags of commissioning scripts, with commas between. They are recorded; no script is run here.",
  testing_scripts:
    "Names, ids or tags of test scripts, with commas between, or none. They are recorded; no script is run here.",
};

/** The parameters by which scripts are chosen. */
export function scriptParameters(...fields: readonly (keyof ScriptChoices)[]): Readonly<Record<string, MaasParameter>> {
  const entries = fields.map((field) => [field, { type: "String", required: false, doc: docs[field] }] as const);
  return Object.fromEntries(entries);
}

/** Which scripts are asked for. Whether there are such, the action looks. */
export function parseScripts(parameters: Parameters): ScriptChoices {
  const fields = (["commissioning_scripts", "testing_scripts"] as const).map((field) => {
    const words = parameters.all(field).flatMap((value) => value.split(","));
    return [field, [...new Set(words.map((word) => word.trim()).filter((word) => word !== ""))]] as const;
  });
  return Object.fromEntries(fields.filter(([, words]) => words.length > 0));
}
