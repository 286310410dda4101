import type { TObject } from "typebox";
import { Refusal } from "../../refusal.ts";
import { complaintsMax, type JsonBounds, parseJson } from "../request/json-text.ts";
import { checkAgainst } from "./check.ts";

/** Of one object, with all that is in it. */
const valuesMax = 10_000;
/** Of a list of objects: what fits into the largest body in sensible pieces. */
const listValuesMax = 500_000;

/** The body's one JSON object, as the schema says. Refuses with `invalid`, each field by its name. */
export function parseOneBody(schema: TObject, contentType: string | undefined, bytes: Buffer): unknown {
  if (mediaType(contentType) !== "application/json") {
    throw new Refusal("invalid", "Send a JSON object with Content-Type: application/json.");
  }
  return checkAgainst(schema, parseJsonBody(bytes, { valuesMax }));
}

/**
 * The body's JSON objects: one, an array of them, or one on each line (NDJSON). At least one, at most `countMax`.
 *
 * Refuses with `invalid` where one of them is wrong; its fields are then called `[3].type`, counted from 0.
 */
export function parseManyBodies(
  schema: TObject,
  contentType: string | undefined,
  bytes: Buffer,
  countMax: number,
): readonly unknown[] {
  const values = readValues(contentType, bytes, countMax);
  return Array.isArray(values) ? checkMany(schema, values, countMax) : [checkAgainst(schema, values)];
}

/** The values as the schema says: at least one, at most `countMax`. */
export function checkMany(schema: TObject, values: readonly unknown[], countMax: number): readonly unknown[] {
  if (values.length === 0) throw new Refusal("invalid", "Send at least one.");
  if (values.length > countMax) {
    throw new Refusal("too_large", `Send at most ${countMax} in one request: these are ${values.length}.`);
  }
  return eachOf(values, (value) => checkAgainst(schema, value));
}

/** Makes something of each value. Gathers what is wrong with them into one refusal that says which are meant. */
export function eachOf<Value, Made>(values: readonly Value[], make: (value: Value, index: number) => Made): Made[] {
  const fields = new Map<string, readonly string[]>();
  const made: Made[] = [];
  for (const [index, value] of values.entries()) {
    try {
      made.push(make(value, index));
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== "invalid") throw error;
      for (const [field, sentences] of Object.entries(error.fields ?? { "": [error.message] })) {
        if (fields.size >= complaintsMax) break;
        fields.set(field === "" ? `[${index}]` : `[${index}].${field}`, sentences);
      }
      if (fields.size >= complaintsMax) break;
    }
  }
  if (fields.size === 0) return made;
  const sentences = [...fields].map(([field, list]) => `${field}: ${list.join(" ")}`);
  throw new Refusal("invalid", sentences.join(" "), { fields: Object.fromEntries(fields) });
}

function readValues(contentType: string | undefined, bytes: Buffer, countMax: number): unknown {
  const type = mediaType(contentType);
  if (type === "application/json") return parseJsonBody(bytes, { valuesMax, listValuesMax });
  if (!lineTypes.includes(type)) {
    throw new Refusal("invalid", `Send JSON with Content-Type: application/json, or lines with ${lineTypes[0]}.`);
  }
  const lines: unknown[] = [];
  let number = 1;
  for (let start = 0; start < bytes.length; start += 1) {
    const byte = bytes[start];
    if (byte === 0x0a) number += 1;
    if (byte === 0x0a || byte === 0x0d || byte === 0x20 || byte === 0x09) continue;
    if (lines.length >= countMax) throw new Refusal("too_large", `Send at most ${countMax} in one request.`);
    const end = bytes.indexOf(0x0a, start);
    const line = bytes.subarray(start, end < 0 ? bytes.length : end);
    lines.push(parseJsonBody(line, { valuesMax, line: { number, field: `[${lines.length}]` } }));
    start += line.length - 1;
  }
  return lines;
}

/** How lines of JSON are called; there is no registered name. */
const lineTypes: readonly string[] = ["application/x-ndjson", "application/jsonl", "application/ndjson"];

/** `application/json; charset=utf-8` → `application/json`. */
export function mediaType(contentType: string | undefined): string {
  return (contentType ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}

/** The value of a body of JSON. Refuses with `invalid` what `parseJson` refuses, and text that the log could not hold. */
export function parseJsonBody(bytes: Buffer, bounds: JsonBounds): unknown {
  const value = parseJson(bytes, bounds);
  refuseBrokenText(value, "body");
  return value;
}

/** Every text that comes in is well-formed Unicode without NUL (the log could not hold it). */
function refuseBrokenText(value: unknown, field: string): void {
  if (typeof value === "string") return refuseBroken(value, field);
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const member of value) refuseBrokenText(member, field);
    return;
  }
  for (const [key, member] of Object.entries(value)) {
    const name = field === "body" && key.isWellFormed() ? key : field;
    refuseBroken(key, name);
    refuseBrokenText(member, name);
  }
}

function refuseBroken(text: string, field: string): void {
  if (text.isWellFormed() && !text.includes("\0")) return;
  const sentence = "Send well-formed Unicode without NUL characters.";
  throw new Refusal("invalid", `${field}: ${sentence}`, { fields: { [field]: [sentence] } });
}
