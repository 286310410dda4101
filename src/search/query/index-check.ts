import type { DatabaseSync } from "node:sqlite";
import { type IndexedEvent, setOf, setSize } from "../index/format.ts";
import { wordsOfEvent } from "../words/event-words.ts";
import { isLongId, isShort } from "../words/words.ts";
import { wordKeysOf } from "./find-ids.ts";

/** A word of the event by which the index doesn't find it; undefined if each does. Throws where the index can't be read. */
export function findMissingWord(database: DatabaseSync, event: IndexedEvent): string | undefined {
  const set = setOf(event.id);
  // FTS5 reads all that a word has up to the id, from the end of the set that the order says.
  const order = event.id % setSize < setSize / 2 ? "asc" : "desc";
  const isThere = database.prepare(
    `select 1 from fts_${set} where fts_${set} match ? and rowid >= ? and rowid <= ? order by rowid ${order}`,
  );
  return [...wordsOfEvent(event)].find((word) => {
    const [key] = wordKeysOf(database, set, { word, match: "whole" });
    if (key === undefined || isThere.get(`"${key}"`, event.id, event.id) === undefined) return true;
    // Without its first letter a word is found by its parts alone.
    const rest = Array.from(word).slice(1).join("");
    if (isLongId(word) || isShort(rest)) return false;
    const keys = wordKeysOf(database, set, { word: rest, match: "part" });
    return keys !== "common" && !keys.includes(key);
  });
}
