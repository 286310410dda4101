import { invalidField, Refusal } from "../../../refusal.ts";
import { parseJson } from "../../request/json-text.ts";
import { assertText } from "../../request/text.ts";

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Of a parameter that is itself JSON, all of its members count. */
const valuesMax = 10_000;

/**
 * The members of a JSON object as name and value pairs, in the object's order (JavaScript moves names that are whole
 * numbers to the front). Strings as they are, booleans as `true` and `false`, numbers as JSON text; null is absent; an
 * array gives one pair for each of its elements; an object, and an array in an array, gives its JSON text. Refuses
 * (`invalid`) what is not an object in UTF-8, what `parseJson` refuses, numbers that would lose digits, text that contract
 * A8 forbids, however deep, and more than `countMax` pairs.
 */
export function parseJsonMembers(body: Buffer, countMax: number): readonly (readonly [string, string])[] {
  // JSON has no other values.
  const document = parseJson(body, { valuesMax }) as Json;
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
