import { parseFlag } from "../../http/request/flag.ts";
import { invalidField } from "../../refusal.ts";
import { hardwareTypes, parallels, parseChoice, scriptTypes } from "./choices.ts";
import { parseJsonList, parseJsonObject, parseResults } from "./json-fields.ts";
import { findTagFault, findTagsFault, parseScriptName, type ScriptFields } from "./script.ts";
import { parseTimeout } from "./timeout.ts";

// A field comes as text over MAAS's API, as JSON over the native one, and as YAML in a script's metadata. One set of
// readers takes all three, so that the APIs can't differ.

type FieldReader<Value> = (value: unknown, field: string) => Value;

const readers: { readonly [Name in keyof ScriptFields]: FieldReader<ScriptFields[Name]> } = {
  name: (value, field) => parseScriptName(parseText(value, field, 1_024), field),
  title: (value, field) => parseText(value, field, 255),
  description: (value, field) => parseText(value, field, 4_096, { hasLines: true }),
  tags: parseTags,
  type: (value, field) => parseChoice(scriptTypes, value, field),
  hardwareType: (value, field) => parseChoice(hardwareTypes, value, field),
  parallel: (value, field) => parseChoice(parallels, value, field),
  packages: parseJsonObject,
  timeoutSeconds: parseTimeout,
  destructive: parseFlag,
  forHardware: parseForHardware,
  mayReboot: parseFlag,
  recommission: parseFlag,
  applyConfiguredNetworking: parseFlag,
  results: parseResults,
  parameters: parseJsonObject,
};

const namedReaders: Readonly<Record<string, keyof ScriptFields>> = {
  name: "name",
  title: "title",
  description: "description",
  tags: "tags",
  type: "type",
  script_type: "type",
  hardware_type: "hardwareType",
  parallel: "parallel",
  packages: "packages",
  timeout: "timeoutSeconds",
  timeout_seconds: "timeoutSeconds",
  destructive: "destructive",
  for_hardware: "forHardware",
  may_reboot: "mayReboot",
  recommission: "recommission",
  apply_configured_networking: "applyConfiguredNetworking",
  results: "results",
  parameters: "parameters",
};

/** The fields of a script, by the names that the caller gave them. Other names are passed over. Refuses by those names. */
export function parseFields(values: Iterable<readonly [field: string, value: unknown]>): Partial<ScriptFields> {
  const read: [string, unknown][] = [];
  for (const [field, value] of values) {
    const name = Object.hasOwn(namedReaders, field) ? namedReaders[field] : undefined;
    if (name !== undefined) read.push([name, readers[name](value, field)]);
  }
  // Each reader gives the type of its own field.
  return Object.fromEntries(read);
}

/** Text of one line or of several; nothing at all is the empty text. */
export function parseText(
  value: unknown,
  field: string,
  lengthMax: number,
  { hasLines = false }: { readonly hasLines?: boolean } = {},
): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "string") throw invalidField(field, "Enter text; in YAML, put it in quotes.");
  if (value.length > lengthMax) {
    throw invalidField(field, `Ensure this value has at most ${lengthMax} characters (it has ${value.length}).`);
  }
  if (!value.isWellFormed() || (hasLines ? /[^\P{Cc}\n\r\t]/u : /\p{Cc}/u).test(value)) {
    throw invalidField(field, "Enter text without control characters.");
  }
  return value;
}

/** A list, or text with commas between. Each tag once. */
function parseTags(value: unknown, field: string): readonly string[] {
  const tags = [...new Set(parseList(value, field))];
  const fault = findTagsFault(tags) ?? tags.map(findTagFault).find((one) => one !== undefined);
  if (fault !== undefined) throw invalidField(field, fault);
  return tags;
}

const hardwareCountMax = 50;

/** Identifiers such as `pci:8086:1918`: a list, JSON of a list, or text with commas between. They are kept as they are. */
function parseForHardware(value: unknown, field: string): readonly string[] {
  const isJson = typeof value === "string" && value.trimStart().startsWith("[");
  const identifiers = [...new Set(parseList(isJson ? parseJsonList(value, field) : value, field))];
  if (identifiers.length > hardwareCountMax) {
    throw invalidField(
      field,
      `Name at most ${hardwareCountMax} hardware identifiers (these are ${identifiers.length}).`,
    );
  }
  return identifiers.map((identifier) => parseText(identifier, field, 256));
}

function parseList(value: unknown, field: string): readonly string[] {
  if (value === null) return [];
  const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
  return parts.flatMap((part) => {
    if (typeof part !== "string") throw invalidField(field, "Enter a list of texts, or text with commas between.");
    return part
      .split(",")
      .map((word) => word.trim())
      .filter((word) => word !== "");
  });
}
