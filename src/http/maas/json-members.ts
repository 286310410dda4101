import { isUtf8 } from "node:buffer";
import { invalidField, Refusal } from "../../refusal.ts";
import { assertText } from "../text.ts";

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** In levels of arrays and objects, the outermost included: no parameter needs more than a few. */
const nestingMax = 32;

/**
 * The members of a JSON object as name and value pairs, in the object's order (JavaScript moves names that are whole
 * numbers to the front). Strings as they are, booleans as `true` and `false`, numbers as JSON text; null is absent; an
 * array gives one pair for each of its elements; an object, and an array in an array, gives its JSON text. Of a name
 * given twice the last counts. Refuses (`invalid`) what is not an object in UTF-8, nesting beyond 32 levels, numbers
 * that would lose digits, text that contract A8 forbids, however deep, and more than `countMax` pairs.
 */
export function parseJsonMembers(body: Buffer, countMax: number): readonly (readonly [string, string])[] {
  const document = parseJson(body);
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    throw new Refusal("invalid", "Send a JSON object, whose members are the parameters.");
  }
  const pairs: [string, string][] = [];
  for (const [name, value] of Object.entries(document)) {
    const elements: readonly Json[] = Array.isArray(value) ? value : [value];
    if (pairs.length + elements.length > countMax) {
      throw new Refusal("invalid", `Send at most ${countMax} parameters.`);
    }
    checkDeeply(name, elements);
    for (const element of elements) {
      if (element !== null) pairs.push([name, typeof element === "string" ? element : JSON.stringify(element)]);
    }
  }
  return pairs;
}

function parseJson(body: Buffer): Json {
  if (!isUtf8(body)) throw new Refusal("invalid", "Send JSON as UTF-8.");
  const text = body.toString("utf8");
  if (isNestedDeeperThan(nestingMax, text)) {
    throw new Refusal("invalid", `Nest JSON at most ${nestingMax} levels deep.`);
  }
  try {
    const document: Json = JSON.parse(text);
    return document;
  } catch {
    // Without the engine's error as its cause: that quotes the text, which may hold a password.
    throw new Refusal("invalid", "Send valid JSON.");
  }
}

/** Looked at before the text is parsed, which takes seconds for megabytes of brackets. */
function isNestedDeeperThan(levels: number, text: string): boolean {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === "\\") index += 1;
    else if (character === '"') isInString = !isInString;
    else if (isInString) continue;
    else if (character === "[" || character === "{") depth += 1;
    else if (character === "]" || character === "}") depth -= 1;
    if (depth > levels) return true;
  }
  return false;
}

function checkDeeply(field: string, value: Json): void {
  if (typeof value === "string") {
    assertText(field, value);
  } else if (typeof value === "number" && (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER)) {
    throw invalidField(field, "Send numbers this large as text, in quotes.");
  } else if (Array.isArray(value)) {
    for (const element of value) checkDeeply(field, element);
  } else if (typeof value === "object" && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      assertText(field, name);
      checkDeeply(field, member);
    }
  }
}
