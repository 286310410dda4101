import type { DatabaseSync } from "node:sqlite";
import { wordsOfEvent } from "../words/event-words.ts";
import { isLongId, isShort } from "../words/words.ts";
import type { IndexedEvent } from "../index/format.ts";
import { findIds, type WordTerm } from "./find-ids.ts";

/** Words of an event that are looked up at a time: what all of them find is the event, or something is missing. */
const wordsAtOnce = 20;

/** A word of the event by which the index doesn't find it; undefined if each does. Throws where the index can't be read. */
export function findMissingWord(database: DatabaseSync, event: IndexedEvent): string | undefined {
  const words = [...wordsOfEvent(event)];
  const finds = (terms: readonly WordTerm[]): boolean => {
    const at = { above: event.id - 1, below: event.id + 1, order: "newest", limit: 1 } as const;
    const { ids, stop } = findIds(database, { ...at, terms: terms.map((term) => [[term]]) }, () => true);
    return stop === "common" || ids.includes(event.id);
  };
  for (let from = 0; from < words.length; from += wordsAtOnce) {
    const some = words.slice(from, from + wordsAtOnce);
    if (finds(some.map((word) => ({ word, match: "whole" })))) continue;
    return some.find((word) => !finds([{ word, match: "whole" }])) ?? some[0];
  }
  // Without its first letter a word is found by its parts alone.
  const rest = (word: string): string => Array.from(word).slice(1).join("");
  const inParts = words.filter((word) => !isLongId(word) && !isShort(rest(word)));
  return inParts.find((word) => !finds([{ word: rest(word), match: "part" }]));
}
