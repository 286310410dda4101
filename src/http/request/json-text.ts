import { isUtf8 } from "node:buffer";
import { Refusal } from "../../refusal.ts";
import { wellFormed } from "./text.ts";

/** In levels of arrays and objects, the outermost included: no request needs more than a few. */
const nestingMax = 32;

/** More mistakes than this of one request help nobody. */
export const complaintsMax = 50;

/** Of a name in a sentence, in UTF-16 code units. */
const nameLengthMax = 256;

export interface JsonBounds {
  /** Members of objects and elements of arrays, at all levels together; where the text is a list, of each of its elements. */
  readonly valuesMax: number;
  /** Where the text is a list, of all elements together: as `valuesMax` by default. */
  readonly listValuesMax?: number;
  /** Numbers that aren't whole, or too large to be exact, become the text that stands there; else they are as JSON.parse reads them. */
  readonly inexact?: "as text";
  /** Which line it is, where the body has several, and what its fields are called by. */
  readonly line?: { readonly number: number; readonly field: string };
}

/**
 * The value of JSON in UTF-8 (RFC 8259). The text is looked through once before anything is made of it, since both the
 * engine's parser and what comes after it take seconds for megabytes of brackets or members.
 *
 * Refuses with `invalid` what is no JSON, nesting beyond 32 levels, more than `valuesMax` values, and a name that an
 * object has twice, escapes undone: which of the two counts would be decided silently.
 */
export function parseJson(bytes: Buffer, bounds: JsonBounds): unknown {
  if (!isUtf8(bytes)) throw new Refusal("invalid", `${placeOf(bounds)}Send JSON as UTF-8.`);
  return parseJsonText(bytes.toString("utf8"), bounds);
}

/** The same for text that was decoded already. */
export function parseJsonText(text: string, bounds: JsonBounds): unknown {
  const place = placeOf(bounds);
  const repeated = findRepeatedNames(text, bounds, place);
  if (repeated.length > 0) throw givenTwice(repeated, place, bounds.line?.field);
  try {
    return JSON.parse(text, bounds.inexact === undefined ? undefined : inexactAsText);
  } catch {
    // Without the engine's error as its cause: that quotes the text, which may hold a password.
    throw new Refusal("invalid", `${place}Send valid JSON.`);
  }
}

function inexactAsText(_name: string, value: unknown, { source }: { readonly source?: string } = {}): unknown {
  return typeof value === "number" && !Number.isSafeInteger(value) ? source : value;
}

/** What a sentence about one of several lines begins with. */
function placeOf({ line }: JsonBounds): string {
  return line === undefined ? "" : `Line ${line.number}: `;
}

function givenTwice(names: readonly string[], place: string, field: string | undefined): Refusal {
  const sentence = "Give this name once.";
  const paths = names.map((name) => (field === undefined ? name : `${field}.${name}`));
  return new Refusal("invalid", names.map((name) => `${place}${name}: ${sentence}`).join(" "), {
    fields: Object.fromEntries(paths.map((path) => [path, [sentence]])),
  });
}

/** An array or object that is open at some place of the text. */
interface Level {
  /** Undefined for an array. */
  readonly names: Set<string> | undefined;
  /** The name of the member or the number of the element that is being read. */
  at: string | number;
}

/** The paths of names that their object has already. Refuses what is too deep or too much. Text that is no JSON is no matter. */
function findRepeatedNames(
  text: string,
  { valuesMax, listValuesMax = valuesMax }: JsonBounds,
  place: string,
): readonly string[] {
  const levels: Level[] = [];
  const repeated = new Set<string>();
  let values = 0;
  let valuesBefore = 0;
  let isNameNext = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    const level = levels.at(-1);
    if (character === '"') {
      const end = endOfString(text, index + 1);
      if (isNameNext && level?.names !== undefined) {
        level.at = nameOf(text.slice(index + 1, end));
        if (level.names.has(level.at) && repeated.size < complaintsMax) repeated.add(pathOf(levels));
        level.names.add(level.at);
      }
      isNameNext = false;
      index = end;
    } else if (character === "[" || character === "{") {
      if (levels.length === nestingMax) {
        throw new Refusal("invalid", `${place}Nest JSON at most ${nestingMax} levels deep.`);
      }
      isNameNext = character === "{";
      levels.push(isNameNext ? { names: new Set(), at: "" } : { names: undefined, at: 0 });
      values += 1;
    } else if (character === "]" || character === "}") {
      levels.pop();
      isNameNext = false;
    } else if (character === ",") {
      isNameNext = level?.names !== undefined;
      if (typeof level?.at === "number") level.at += 1;
      values += 1;
      // The next element of the list has a count of its own.
      if (levels.length === 1 && !isNameNext) valuesBefore = values;
    }
    if (values - valuesBefore > valuesMax) throw new Refusal("invalid", `${place}Send at most ${valuesMax} values.`);
    if (values > listValuesMax && levels[0]?.names === undefined) {
      throw new Refusal("invalid", `${place}Send at most ${listValuesMax} values.`);
    }
  }
  return [...repeated];
}

/** Where the string ends whose first character is at `start`; the text's end where it doesn't. */
function endOfString(text: string, start: number): number {
  let index = start;
  while (index < text.length && text[index] !== '"') index += text[index] === "\\" ? 2 : 1;
  return index;
}

/** `"\u0061"` is `"a"`. */
function nameOf(raw: string): string {
  if (!raw.includes("\\")) return raw;
  try {
    return String(JSON.parse(`"${raw}"`));
  } catch {
    return raw;
  }
}

/** Such as `details.user.id`, or `[3].outcome` in a list. */
function pathOf(levels: readonly Level[]): string {
  let path = "";
  for (const { names, at } of levels) {
    if (names === undefined) path += `[${at}]`;
    else path += `${path === "" ? "" : "."}${wellFormed(String(at), nameLengthMax)}`;
  }
  return path;
}
