import { isDeepStrictEqual } from "node:util";
import { invalidField } from "../../refusal.ts";
import type { ScriptContent } from "./content.ts";
import { fieldNames, findTagsFault, type ScriptFields, withTagsInStep } from "./script.ts";

const initial: ScriptFields = {
  name: "",
  title: "",
  description: "",
  tags: [],
  type: "testing",
  hardwareType: "node",
  parallel: "disabled",
  packages: {},
  timeoutSeconds: 0,
  destructive: false,
  forHardware: [],
  mayReboot: false,
  recommission: false,
  applyConfiguredNetworking: false,
  results: {},
  parameters: {},
};

/** What a new script is: what its text says of itself, and what was given beside it. */
export function resolveNew(given: Partial<ScriptFields>, { embedded }: ScriptContent): ScriptFields {
  refuseContradiction(given, embedded);
  const fields = { ...initial, ...embedded, ...given };
  if (fields.name === "") throw invalidField("name", "This field is required.");
  return inStep(fields);
}

/**
 * What a script becomes. A new text tells its fields anew, but for the tags and the timeout, which belong to whoever has
 * set them since; `embedded` is that of the text that will count, whether it is new or not.
 */
export function resolveChanges<Fields extends ScriptFields>(
  before: Fields,
  given: Partial<ScriptFields>,
  embedded: Partial<ScriptFields>,
  { hasNewText }: { readonly hasNewText: boolean },
): Fields {
  refuseContradiction(given, embedded);
  if (!hasNewText) return inStep({ ...before, ...given });
  const { tags: _tags, timeoutSeconds: _timeoutSeconds, ...told } = embedded;
  return inStep({ ...before, results: {}, parameters: {}, ...told, ...given });
}

function refuseContradiction(given: Partial<ScriptFields>, embedded: Partial<ScriptFields>): void {
  for (const name of Object.keys(fieldNames) as readonly (keyof ScriptFields)[]) {
    if (name === "tags" || name === "timeoutSeconds") continue;
    if (given[name] === undefined || embedded[name] === undefined) continue;
    if (isDeepStrictEqual(given[name], embedded[name])) continue;
    throw invalidField(fieldNames[name], "May not override values defined in embedded YAML.");
  }
}

function inStep<Fields extends ScriptFields>(fields: Fields): Fields {
  const script = withTagsInStep(fields);
  const fault = findTagsFault(script.tags);
  if (fault !== undefined) throw invalidField("tags", fault);
  return script;
}
