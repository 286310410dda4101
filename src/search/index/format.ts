import { statSync } from "node:fs";
import type { SQLOutputValue } from "node:sqlite";
import type { SearchedEvent } from "../words/event-words.ts";

/** Raised with every change of the tables or of the words: an index of another one is built again. */
export const indexFormat = 1;

/** Ids of one set of tables. A search goes through them set by set, newest first, and can stop between two. */
export const setSize = 2 ** 20;

/** The set that an event is in. */
export function setOf(id: number): number {
  return Math.floor(id / setSize);
}

/** Up to which event the log is in the index. The hash tells another log, or one that was set back, from this one. */
export interface IndexedTo {
  readonly eventId: number;
  readonly leafHash: Uint8Array;
}

export const nothingIndexed: IndexedTo = { eventId: 0, leafHash: new Uint8Array() };

export const progressTable = `
  create table progress (
    one integer primary key check (one = 1), event_id integer not null, leaf_hash blob not null
  ) strict`;

/**
 * The tables of a set: its words; the parts of three characters of each word; which words each event has, by their ids in base 36.
 * `detail=none`: whether a word is there, and not where. So much is enough for an answer, and takes a third of the space.
 */
export function setTables(set: number): readonly string[] {
  return [
    `create table word_${set} (id integer primary key, word text not null unique) strict`,
    `create virtual table part_${set} using
      fts5(word, content='', detail=none, columnsize=0, tokenize='trigram case_sensitive 1')`,
    `create virtual table fts_${set} using fts5(words, content='', detail=none, columnsize=0, tokenize='ascii')`,
  ];
}

/** How a word's id stands in `fts`. */
export function wordKey(id: number): string {
  return id.toString(36);
}

/** What tells a file that is open from one that was made in its place; undefined where there is none. */
export function fileIdentity(file: string): string | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  return found && `${found.dev}/${found.ino}`;
}

/** In which files SQLite keeps an index. */
export function filesOf(file: string): readonly string[] {
  return [file, `${file}-wal`, `${file}-shm`];
}

/** An event as the index takes it. */
export interface IndexedEvent extends SearchedEvent {
  readonly id: number;
  readonly leaf_hash: Uint8Array;
}

/** What is read of an index. */
export type IndexRow = Readonly<Record<string, SQLOutputValue>>;

/** The query whose row says up to which event an index goes. */
export const progressQuery = "select event_id, leaf_hash from progress";

/** Up to which event an index says that it goes; undefined before the first one. Throws where it is no index. */
export function readProgress(row: IndexRow | undefined): IndexedTo | undefined {
  if (row === undefined) return undefined;
  const { event_id: eventId, leaf_hash: leafHash } = row;
  if (typeof eventId !== "number" || !(leafHash instanceof Uint8Array))
    throw new DamagedIndex("its progress is unreadable");
  return { eventId, leafHash };
}

/** An index that isn't what was written. */
export class DamagedIndex extends Error {
  override readonly name = "DamagedIndex";
}

/** SQLite's codes: a table is missing, a page is damaged, it is no database. */
const damageCodes: ReadonlySet<number> = new Set([1, 11, 26]);

/** What is wrong with an index by this error of it; undefined where it may be fine and only can't be used now. */
export function findIndexDamage(error: unknown): string | undefined {
  if (error instanceof DamagedIndex) return error.message;
  if (!(error instanceof Error && "errcode" in error && typeof error.errcode === "number")) return undefined;
  return damageCodes.has(error.errcode & 0xff) ? error.message : undefined;
}
