import { invalidField } from "../../refusal.ts";
import { normalText } from "./normal-text.ts";
import { soughtWordsOf } from "./words.ts";

/** In UTF-16 code units. */
export const textLengthMax = 500;
/** Each is looked up on its own. */
const wordsMax = 20;

/** What somebody looks for: an event must have all of it. */
export interface SearchText {
  readonly words: readonly string[];
  /** What must stand in one of its texts as it is; its words are among `words`. */
  readonly phrases: readonly string[];
}

/** Reads `words and "phrases in quotes"`. Refuses with `invalid`, field `text`, what nothing can be found by. */
export function parseSearchText(text: string): SearchText {
  if (text.trim() === "") throw invalidField("text", "Empty search: give the words to search for.");
  if (text.length > textLengthMax) {
    throw invalidField("text", `The search is too long: give at most ${textLengthMax} characters.`);
  }
  const parts = text.split('"');
  if (parts.length % 2 === 0) throw invalidField("text", 'A quotation mark is open: close the phrase with ".');
  const quoted = parts.filter((_, at) => at % 2 === 1);
  const empty = quoted.find((phrase) => soughtWordsOf(phrase).length === 0);
  if (empty !== undefined) {
    throw invalidField(
      "text",
      `Nothing to search for in "${empty}": put letters or digits between the quotation marks.`,
    );
  }
  const words = [...new Set(parts.flatMap(soughtWordsOf))];
  if (words.length === 0) throw invalidField("text", "Nothing to search for: give words with letters or digits.");
  if (words.length > wordsMax) throw invalidField("text", `Too many words: give at most ${wordsMax}.`);
  return { words, phrases: quoted.map(phraseText) };
}

/** A text in which phrases are looked for: however many blanks stand between its words. */
export function phraseText(text: string): string {
  return normalText(text).replaceAll(/\s+/g, " ").trim();
}
