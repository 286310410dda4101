import { Type } from "typebox";
import type { Database } from "../../database/database.ts";
import { findIndex, type IndexReader } from "../../search/query/index-reader.ts";
import { parseSearchText, type SearchText, textLengthMax } from "../../search/words/search-text.ts";

/** Words to search for, beside the filters. */
export const textField = Type.Optional(
  Type.String({
    "x-words": true,
    description: `Words, parts of words and "phrases", all of which must be in the event's description, user name, target, details, address or node. At most ${textLengthMax} characters.`,
  }),
);

/** What is searched for, and by which index of this process. */
export interface TextSearch {
  readonly search: SearchText;
  /** Undefined where there is none. */
  readonly index: IndexReader | undefined;
}

/** Undefined where nothing is searched for. Refuses with `invalid`, field `text`, what nothing can be found by. */
export function textSearchOf(db: Database, text: string | undefined): TextSearch | undefined {
  return text === undefined ? undefined : { search: parseSearchText(text), index: findIndex(db) };
}
