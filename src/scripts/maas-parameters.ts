import type { MaasParameter } from "../http/maas/operation.ts";
import type { Parameters } from "../http/maas/parameters/parameters.ts";
import { invalidField, Refusal } from "../refusal.ts";
import { hardwareTypes, parseChoice, scriptTypes } from "./fields/choices.ts";
import { parseFlag } from "../http/request/flag.ts";
import type { ScriptFilter } from "./queries.ts";
import type { SentScript } from "./saving.ts";

const optional = (type: MaasParameter["type"], doc: string): MaasParameter => ({ type, required: false, doc });

/** What can be given when a script is created or updated. */
export const savingParameters: Readonly<Record<string, MaasParameter>> = {
  name: optional("String", "The name of the script, if its metadata doesn't give one."),
  title: optional("String", "The title of the script."),
  description: optional("String", "A description of the script."),
  tags: optional("String", "A comma-separated list of tags. That of the hardware type is always there."),
  type: optional("String", "commissioning (0) or testing (2), which is the default."),
  script_type: optional("String", "The same as type."),
  hardware_type: optional("String", "node (0), the default, cpu (1), memory (2), storage (3) or network (4)."),
  parallel: optional(
    "String",
    "disabled (0), the default, instance (1): along other instances of this script, or any (2): along any script.",
  ),
  packages: optional("JSON", "The packages that the script needs, a JSON object."),
  timeout: optional(
    "String",
    "How long it may take: seconds, or hours, minutes and seconds such as 1:30:00. 0 is no limit.",
  ),
  destructive: optional("Boolean", "Whether it overwrites what is on the machine."),
  script: optional(
    "String",
    "The script itself, as a field or as a file: a new one needs it. A single file of another name names the script.",
  ),
  comment: optional("String", "A comment on this version of the script."),
  for_hardware: optional(
    "String",
    "A list, comma-separated or JSON, of the hardware that it is for, such as pci:8086:1918.",
  ),
  may_reboot: optional("Boolean", "Whether the machine may reboot while it runs."),
  recommission: optional("Boolean", "Whether the machine's built-in commissioning scripts are to run again after it."),
  apply_configured_networking: optional("Boolean", "Whether the machine's own network settings are applied before it."),
};

/** The same of a script that is there: what isn't given stays. */
export const changingParameters: Readonly<Record<string, MaasParameter>> = {
  ...savingParameters,
  name: optional("String", "The script's new name."),
  type: optional("String", "commissioning (0) or testing (2)."),
  hardware_type: optional("String", "node (0), cpu (1), memory (2), storage (3) or network (4)."),
  parallel: optional(
    "String",
    "disabled (0), instance (1): along other instances of this script, or any (2): along any script.",
  ),
  script: optional(
    "String",
    "The new text, as a field or as a file, which becomes a new version. A single file of another name renames the script.",
  ),
};

const fieldParameters = Object.keys(savingParameters).filter((name) => name !== "script" && name !== "comment");
const listParameters = ["tags", "for_hardware"];
/** Of these the empty text is no value, and so not given. */
const emptyIsAbsent = ["name", "type", "script_type", "hardware_type", "parallel", "timeout"];

/** A script as a request brings it: as fields, with its text as a field or as a file. */
export function sentScript(parameters: Parameters): SentScript {
  const fields = fieldParameters.flatMap((name): [string, unknown][] => {
    const value =
      listParameters.includes(name) && parameters.all(name).length > 1 ? parameters.all(name) : parameters.last(name);
    return value === undefined || (value === "" && emptyIsAbsent.includes(name)) ? [] : [[name, value]];
  });
  const comment = parameters.last("comment");
  const file = parameters.upload("script");
  if (file !== undefined) return { fields, script: file.content, comment };
  // A file under a field's name is that field's value; one under another name is the script, and names it.
  const [other, ...more] = parameters.uploads.filter(({ name }) => !Object.hasOwn(savingParameters, name));
  if (other === undefined) return { fields, script: parameters.last("script"), comment };
  if (more.length > 0) throw invalidField("script", "Send one file, the script.");
  const named = fields.filter(([name]) => name !== "name");
  return { fields: [...named, ["name", other.name]], script: other.content, comment };
}

export const filterParameters: Readonly<Record<string, MaasParameter>> = {
  type: optional("String", "Only scripts of this type: commissioning or testing."),
  hardware_type: optional("String", "Only scripts for this type of hardware: node, cpu, memory, storage or network."),
  filters: optional("String", "A comma-separated list: only scripts whose name or one of whose tags is in it."),
};

/** Which scripts a list is to hold. MAAS says what is wrong with it as text, not by field. */
export function parseScriptFilter(query: Parameters): ScriptFilter {
  const type = query.last("type") ?? "";
  const hardwareType = query.last("hardware_type") ?? "";
  const words = query
    .all("filters")
    .flatMap((list) => list.split(","))
    .map((word) => word.trim())
    .filter((word) => word !== "");
  return saidAsText(() => ({
    ...(type !== "" && { type: parseChoice(scriptTypes, type, "type") }),
    ...(hardwareType !== "" && { hardwareType: parseChoice(hardwareTypes, hardwareType, "hardware_type") }),
    ...(words.length > 0 && { words }),
  }));
}

export const includeScriptParameter: Readonly<Record<string, MaasParameter>> = {
  include_script: optional("Boolean", "Whether each version in the history is to come with its text, in base64."),
};

export function includesScript(query: Parameters): boolean {
  return saidAsText(() => parseFlag(query.last("include_script") ?? "", "include_script"));
}

/** A whole number. Refuses with MAAS's words for an operation's own parameters. */
export function parseInteger(text: string, name: string): number {
  if (text === "") throw new Refusal("invalid", `Invalid ${name}: Please enter a value`);
  if (!/^\s*[+-]?\d{1,15}\s*$/.test(text)) {
    throw new Refusal("invalid", `Invalid ${name}: Please enter an integer value`);
  }
  return Number(text);
}

function saidAsText<Value>(parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const field = Object.keys(error.fields ?? {})[0] ?? "";
    throw new Refusal(error.code, error.message.includes(field) ? error.message : `${field}: ${error.message}`);
  }
}
