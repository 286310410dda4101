import type { TObject } from "typebox";
import { Compile, type Validator } from "typebox/compile";
import { Refusal } from "../../refusal.ts";
import { complaintsMax } from "../request/json-text.ts";
import type { Parameters } from "../maas/parameters/parameters.ts";

const compiled = new WeakMap<TObject, Validator>();

function validator(schema: TObject): Validator {
  let known = compiled.get(schema);
  if (known === undefined) {
    known = Compile(schema);
    compiled.set(schema, known);
  }
  return known;
}

/** The value, if it is as the schema says. Refuses with `invalid`, each field by its name. */
export function checkAgainst(schema: TObject, value: unknown): unknown {
  const check = validator(schema);
  if (check.Check(value)) return value;
  // A map: a field may be called `__proto__`.
  const fields = new Map<string, string[]>();
  for (const error of check.Errors(value)) {
    for (const [field, sentence] of complaints(schema, error)) {
      if (fields.size >= complaintsMax && !fields.has(field)) continue;
      fields.set(field, [...(fields.get(field) ?? []), sentence]);
    }
  }
  for (const [field, list] of fields) fields.set(field, inOneSentence(list));
  const sentences = [...fields].map(([field, list]) => `${field}: ${list.join(" ")}`);
  if (sentences.length === 0) throw new Refusal("invalid", "Send a JSON object.");
  throw new Refusal("invalid", sentences.join(" "), { fields: Object.fromEntries(fields) });
}

/** The query as the schema's types: numbers from digits, `true` and `false`. Only what is a list there may be repeated. */
export function checkQuery(schema: TObject, query: Parameters): unknown {
  const values = new Map<string, unknown>();
  for (const name of new Set(query.pairs.map(([key]) => key))) {
    if (name.startsWith("oauth_")) continue;
    const given = query.all(name);
    const type = propertyType(schema, name);
    if (type === "array") {
      values.set(name, given);
      continue;
    }
    if (given.length > 1)
      throw new Refusal("invalid", `Give ${name} once.`, { fields: { [name]: ["Give this once."] } });
    values.set(name, fromText(type, given[0] ?? ""));
  }
  return checkAgainst(schema, Object.fromEntries(values));
}

function propertyType(schema: TObject, name: string): string | undefined {
  const property: unknown = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
  if (typeof property !== "object" || property === null || !("type" in property)) return undefined;
  return typeof property.type === "string" ? property.type : undefined;
}

function fromText(type: string | undefined, text: string): unknown {
  if (type === "integer" && /^\d{1,15}$/.test(text)) return Number(text);
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  return text;
}

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: object;
}

/** What a schema's error says of which field, and how to mend it. */
function complaints(schema: TObject, error: SchemaError): readonly (readonly [string, string])[] {
  const { params } = error;
  const place = error.instancePath.split("/").slice(1).map(unescaped);
  const within = (name: unknown): string => [...place, String(name)].join(".");
  if (error.keyword === "required" && "requiredProperties" in params && Array.isArray(params.requiredProperties)) {
    return params.requiredProperties.map((name) => [within(name), "This field is required."] as const);
  }
  if (error.keyword === "additionalProperties" && "additionalProperties" in params) {
    const names = Array.isArray(params.additionalProperties) ? params.additionalProperties : [];
    const known = place.length > 0 ? [] : Object.keys(schema.properties);
    const mend = known.length === 0 ? "" : ` The fields here are ${known.join(", ")}.`;
    return names.slice(0, complaintsMax).map((name) => [within(name), `There is no such field.${mend}`] as const);
  }
  const [field] = place;
  if (field !== undefined && error.keyword === "enum" && "allowedValues" in params) {
    const known = Array.isArray(params.allowedValues) ? params.allowedValues : [];
    return [[field, `Use one of ${known.join(", ")}.`]];
  }
  if (field === undefined || field === "" || error.keyword === "boolean") return [];
  return [[field, `${capitalised(error.message)}.`]];
}

const noneFits = "Must match a schema in anyOf.";
const mustBeNull = "Must be null.";

/** Of a field that may be one or another: what each lacks is enough, and that it may be null is a way out and no fault of its own. */
function inOneSentence(all: readonly string[]): string[] {
  const faults = all.filter((sentence) => sentence !== noneFits && sentence !== mustBeNull);
  const last = faults.at(-1);
  if (last === undefined) return [...all];
  return all.includes(mustBeNull) ? [...faults.slice(0, -1), last.replace(/\.$/, ", or null.")] : faults;
}

/** A name in a JSON pointer (RFC 6901 section 4). */
function unescaped(name: string): string {
  return name.replaceAll("~1", "/").replaceAll("~0", "~");
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
