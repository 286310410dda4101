import { parseJsonText } from "../../http/request/json-text.ts";
import { invalidField, Refusal } from "../../refusal.ts";
import type { Json, JsonObject } from "./script.ts";

/** In UTF-16 code units, as JSON: MAAS's own scripts have some hundred. */
const jsonLengthMax = 16_384;
const jsonDepthMax = 32;

/** An object, or JSON of one; nothing is the empty one. */
export function parseJsonObject(value: unknown, field: string): JsonObject {
  const json = asJson(value === "" || value === null ? {} : value, field);
  if (!isObject(json)) throw invalidField(field, 'Enter a JSON object, such as {"name": "value"}.');
  return json;
}

/** JSON of a list. */
export function parseJsonList(text: string, field: string): Json {
  return asJson(text, field);
}

/** What a script says that it will report: names, or names with a title and perhaps a description each. */
export function parseResults(value: unknown, field: string): JsonObject | readonly string[] {
  const json = asJson(value ?? {}, field);
  if (isList(json) && json.every((name) => typeof name === "string")) return json;
  if (isObject(json) && Object.values(json).every(isTitled)) return json;
  throw invalidField(
    field,
    "Enter a list of names, or for each name a mapping with a title, which is text, and perhaps a description.",
  );
}

function isTitled(json: Json): boolean {
  if (!isObject(json) || typeof json["title"] !== "string") return false;
  return json["description"] === undefined || typeof json["description"] === "string";
}

/** The value itself, or what the text says in JSON. */
function asJson(value: unknown, field: string): Json {
  const json = checked(typeof value === "string" ? parsed(value, field) : value, field, 0);
  const { length } = JSON.stringify(json);
  if (length > jsonLengthMax) {
    throw invalidField(field, `Enter at most ${jsonLengthMax} characters of JSON (these are ${length}).`);
  }
  return json;
}

function parsed(text: string, field: string): unknown {
  if (text.length > 2 * jsonLengthMax) {
    throw invalidField(field, `Enter valid JSON of at most ${jsonLengthMax} characters.`);
  }
  try {
    return parseJsonText(text, { valuesMax: jsonLengthMax });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw invalidField(field, error.message);
  }
}

function checked(value: unknown, field: string, depth: number): Json {
  if (depth > jsonDepthMax) throw invalidField(field, `Nest at most ${jsonDepthMax} levels deep.`);
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (typeof value === "string") return wellFormed(value, field);
  if (Array.isArray(value)) return value.map((element) => checked(element, field, depth + 1));
  if (typeof value === "object" && value !== undefined) {
    const members = Object.entries(value).map(([name, member]): [string, Json] => [
      wellFormed(name, field),
      checked(member, field, depth + 1),
    ]);
    return Object.fromEntries(members);
  }
  throw invalidField(field, "Enter what JSON can hold: text, numbers, true, false, null, lists and objects.");
}

function wellFormed(text: string, field: string): string {
  if (text.isWellFormed() && !text.includes("\0")) return text;
  throw invalidField(field, "Send well-formed Unicode text without NUL characters.");
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}

function isObject(json: Json): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
