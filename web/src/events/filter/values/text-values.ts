import { scanFilter } from "../filter-scan.ts";

// Words and phrases as a filter holds them, prints them and sends them to the server: `backup`, or `"logged in"` with its quotes.

/** What an event can be found by: the server decides, but knows nothing without a letter or a digit. */
const isSearchable = /[\p{L}\p{M}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}]/u;

/** A word, in quotes where it would be read as something else; undefined if nothing can be found by it. */
export function wordValue(word: string): string | undefined {
  const [first, another] = scanFilter(word);
  const isWord =
    first !== undefined && another === undefined && first.name === undefined && !first.isExcluded && first.end > 0;
  if (!isWord || word.startsWith('"') || /^(?:OR|AND)$/.test(word)) return phraseValue(word);
  return isSearchable.test(word) ? word : undefined;
}

/** A phrase; undefined if nothing can be found by it. How many blanks are between its words means nothing. */
export function phraseValue(phrase: string): string | undefined {
  const text = phrase.replaceAll(/\s+/g, " ").trim();
  return isSearchable.test(text) && !text.includes('"') ? `"${text}"` : undefined;
}
