import { type IndexedEvent, setOf, setSize } from "../index/format.ts";
import { wordsOfEvent } from "../words/event-words.ts";
import { isLongId, isShort } from "../words/words.ts";
import { type AskIndex, wordKeysOf } from "./find-ids.ts";

/** A word of the event by which the index doesn't find it; undefined if each does. Throws where the index can't be read. */
export async function findMissingWord(ask: AskIndex, event: IndexedEvent): Promise<string | undefined> {
  const set = setOf(event.id);
  // FTS5 reads all that a word has up to the id, from the end of the set that the order says.
  const order = event.id % setSize < setSize / 2 ? "asc" : "desc";
  const isThere = `select 1 from fts_${set} where fts_${set} match ? and rowid >= ? and rowid <= ? order by rowid ${order}`;
  for (const word of wordsOfEvent(event)) {
    const [key] = await wordKeysOf(ask, set, { word, match: "whole" });
    if (key === undefined || (await ask(isThere, `"${key}"`, event.id, event.id)).length === 0) return word;
    // Without its first letter a word is found by its parts alone.
    const rest = Array.from(word).slice(1).join("");
    if (isLongId(word) || isShort(rest)) continue;
    const keys = await wordKeysOf(ask, set, { word: rest, match: "part" });
    if (keys !== "common" && !keys.includes(key)) return word;
  }
  return undefined;
}
