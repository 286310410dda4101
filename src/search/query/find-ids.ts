import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { type IndexRow, setOf, setSize, wordKey } from "../index/format.ts";
import { isFoundBy, isShort } from "../words/words.ts";

/**
 * Words of one set that one word of a question may stand for. Each costs FTS5 some 30 microseconds, and time is looked at only
 * between two sets. What more words match is so common that rows are looked at.
 */
const matchesMax = 1_000;
/** Of a long word: so many say enough, and the word itself is compared. */
const partsMax = 30;

/** A query of an index, answered on this thread or on another one. */
export type AskIndex = (sql: string, ...parameters: readonly SQLInputValue[]) => Promise<readonly IndexRow[]>;

/** Answers on this thread. */
export function askingHere(database: DatabaseSync): AskIndex {
  return async (sql, ...parameters) => database.prepare(sql).all(...parameters);
}

/** A word of the index: the whole of it, or whatever `isFoundBy` finds by it. */
export interface WordTerm {
  readonly word: string;
  readonly match: "whole" | "part";
}

/** Any of these must hold; each of them is words that must all be there. */
export type AnyOf = readonly (readonly WordTerm[])[];

/** Which events may be what somebody looks for. */
export interface IndexQuestion {
  /** All of these must hold. */
  readonly terms: readonly AnyOf[];
  /** Events with `above < id < below`, all of them in the index. */
  readonly above: number;
  readonly below: number;
  readonly order: "newest" | "oldest";
  /** At least 1. */
  readonly limit: number;
}

export interface IndexAnswer {
  /** In the question's order; what has the words, and at times more: rows decide. */
  readonly ids: readonly number[];
  /**
   * Why there are fewer than `limit`: there is no more; the time is up; or beyond that the words are so common that the index
   * tells nothing.
   */
  readonly stop?: "end" | "time" | "common";
  /** The last id that the answer covers, where it stops before the end. */
  readonly coveredTo?: number;
}

/**
 * Looks words up in an index: parts, then words, then events. Set by set; at least one is looked at, and others while `hasTime`.
 *
 * Throws what SQLite throws where the index is damaged.
 */
export async function findIds(ask: AskIndex, question: IndexQuestion, hasTime: () => boolean): Promise<IndexAnswer> {
  const { terms, above, below, order, limit } = question;
  const ids: number[] = [];
  const [oldest, newest] = [setOf(above + 1), setOf(below - 1)];
  const count = below - above > 1 ? newest - oldest + 1 : 0;
  for (let nth = 0; nth < count; nth += 1) {
    const set = order === "newest" ? newest - nth : oldest + nth;
    const [first, last] = [Math.max(above + 1, set * setSize), Math.min(below - 1, (set + 1) * setSize - 1)];
    // Behind the last set, seen from where the search comes from.
    const before = order === "newest" ? last + 1 : first - 1;
    if (nth > 0 && !hasTime()) return { ids, stop: "time", coveredTo: before };
    const expression = await expressionOf(ask, set, terms);
    if (expression === "common") return { ids, stop: "common", coveredTo: before };
    if (expression === "none") continue;
    // Not `rowid = ?`, which FTS5 leaves out of account for tables without content.
    const rows = await ask(
      `select rowid as id from fts_${set} where fts_${set} match ? and rowid >= ? and rowid <= ?
        order by rowid ${order === "newest" ? "desc" : "asc"} limit ?`,
      expression,
      first,
      last,
      limit - ids.length,
    );
    for (const row of rows) ids.push(Number(row["id"]));
    if (ids.length >= limit) return { ids };
  }
  return { ids, stop: "end" };
}

/** What FTS5 is asked; `none` where a word is in no event of the set, `common` where no term leaves out much. */
async function expressionOf(ask: AskIndex, set: number, terms: readonly AnyOf[]): Promise<string> {
  const narrowing: string[] = [];
  for (const anyOf of terms) {
    const expression = await anyOfExpression(ask, set, anyOf);
    if (expression === "none") return "none";
    if (expression !== "common") narrowing.push(expression);
  }
  return narrowing.length === 0 ? "common" : narrowing.map((one) => `(${one})`).join(" AND ");
}

async function anyOfExpression(ask: AskIndex, set: number, anyOf: AnyOf): Promise<string> {
  const possible: string[] = [];
  for (const words of anyOf) {
    const keys = await Promise.all(words.map((term) => wordKeysOf(ask, set, term)));
    if (keys.some((list) => list !== "common" && list.length === 0)) continue;
    const lists = keys.filter((list) => list !== "common");
    if (lists.length === 0) return "common";
    possible.push(lists.map((list) => `(${list.map((key) => `"${key}"`).join(" OR ")})`).join(" AND "));
  }
  return possible.length === 0 ? "none" : possible.map((one) => `(${one})`).join(" OR ");
}

/** The keys of the words that a term stands for in a set; `common` where they are too many to be told. */
export async function wordKeysOf(
  ask: AskIndex,
  set: number,
  { word, match }: WordTerm,
): Promise<readonly string[] | "common"> {
  const key = (row: IndexRow): string => wordKey(Number(row["id"]));
  if (match === "whole") {
    return (await ask(`select id from word_${set} where word = ?`, word)).map(key);
  }
  const beginning = await ask(
    `select id, word from word_${set} where word >= ? and word < ? limit ?`,
    word,
    `${word}\u{10ffff}`,
    matchesMax + 1,
  );
  if (beginning.length > matchesMax) return "common";
  if (isShort(word)) return beginning.map(key);
  const within = await ask(
    `select w.id as id, w.word as word from part_${set} join word_${set} w on w.id = part_${set}.rowid
      where part_${set} match ? limit ?`,
    partsOf(word),
    matchesMax + 1,
  );
  if (within.length > matchesMax) return "common";
  const found = within.filter((row) => isFoundBy(String(row["word"]), word));
  const keys = new Set([...beginning, ...found].map(key));
  return keys.size > matchesMax ? "common" : [...keys];
}

/** Each three characters in a row, all of which a word must have that has this one in it. */
function partsOf(word: string): string {
  const all = Array.from(word);
  const parts = new Set<string>();
  for (let at = 2; at < all.length && parts.size < partsMax; at += 1) parts.add(all.slice(at - 2, at + 1).join(""));
  return [...parts].map((part) => `"${part}"`).join(" AND ");
}
