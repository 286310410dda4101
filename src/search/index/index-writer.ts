import { closeSync, openSync, rmSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { askingHere } from "../query/find-ids.ts";
import { findMissingWord } from "../query/index-check.ts";
import { wordsOfEvent } from "../words/event-words.ts";
import { isLongId } from "../words/words.ts";
import {
  filesOf,
  type IndexedEvent,
  indexFormat,
  type IndexedTo,
  nothingIndexed,
  progressTable,
  progressQuery,
  readProgress,
  setOf,
  setTables,
  wordKey,
} from "./format.ts";

/** Words whose ids are kept in memory: some ten megabytes. Beyond it they are looked up again. */
const wordsRemembered = 50_000;
/** Another process of an earlier server may still end its last batch. */
const busyTimeoutMs = 10_000;

/** Writes the index of a log, which one process does at a time. */
export class IndexWriter implements Disposable {
  readonly #database: DatabaseSync;
  #to: IndexedTo;
  #set: SetWriter | undefined;

  private constructor(database: DatabaseSync) {
    this.#database = database;
    this.#to = readProgress(database.prepare(progressQuery).get()) ?? nothingIndexed;
  }

  /** Opens the index, or makes an empty one where there is none, or one of another format. Throws where it is damaged. */
  static open(file: string): IndexWriter {
    const database = openFile(file);
    try {
      const { user_version: format } = database.prepare("pragma user_version").get() ?? {};
      if (format === indexFormat) return new IndexWriter(database);
    } catch (error) {
      database.close();
      throw error;
    }
    database.close();
    return IndexWriter.make(file);
  }

  /** Makes an empty index in the place of whatever is there. */
  static make(file: string): IndexWriter {
    for (const one of filesOf(file)) rmSync(one, { force: true });
    const database = openFile(file);
    database.exec(`begin immediate; ${progressTable}; pragma user_version = ${indexFormat}; commit`);
    return new IndexWriter(database);
  }

  get indexedTo(): IndexedTo {
    return this.#to;
  }

  /** Adds events that follow those in the index, all or none of them. Throws if another process has added some meanwhile. */
  add(events: readonly IndexedEvent[]): void {
    const last = events.at(-1);
    if (last === undefined) return;
    this.#database.exec("begin immediate");
    try {
      const found = readProgress(this.#database.prepare(progressQuery).get()) ?? nothingIndexed;
      if (found.eventId !== this.#to.eventId) throw new Error("another process writes the search index");
      for (const event of events) this.#setOf(event.id).add(event);
      this.#database
        .prepare("insert or replace into progress (one, event_id, leaf_hash) values (1, ?, ?)")
        .run(last.id, last.leaf_hash);
      this.#database.exec("commit");
    } catch (error) {
      // What the set remembers of its words may be undone.
      this.#set = undefined;
      if (this.#database.isTransaction) this.#database.exec("rollback");
      throw error;
    }
    this.#to = { eventId: last.id, leafHash: last.leaf_hash };
  }

  /** A word of an event in the index by which it isn't found; undefined where all is well. */
  async findMissingWord(event: IndexedEvent): Promise<string | undefined> {
    return findMissingWord(askingHere(this.#database), event);
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  #setOf(id: number): SetWriter {
    const set = setOf(id);
    if (this.#set?.set !== set) this.#set = new SetWriter(this.#database, set);
    return this.#set;
  }
}

/** Writes to the tables of one set. */
class SetWriter {
  readonly set: number;
  readonly #find: StatementSync;
  readonly #insertWord: StatementSync;
  readonly #insertPart: StatementSync;
  readonly #insertEvent: StatementSync;
  readonly #known = new Map<string, string>();

  constructor(database: DatabaseSync, set: number) {
    this.set = set;
    const isThere = database.prepare("select 1 from sqlite_schema where name = ?").get(`fts_${set}`) !== undefined;
    if (!isThere) for (const table of setTables(set)) database.exec(table);
    this.#find = database.prepare(`select id from word_${set} where word = ?`);
    this.#insertWord = database.prepare(`insert into word_${set} (word) values (?)`);
    this.#insertPart = database.prepare(`insert into part_${set} (rowid, word) values (?, ?)`);
    this.#insertEvent = database.prepare(`insert into fts_${set} (rowid, words) values (?, ?)`);
  }

  add(event: IndexedEvent): void {
    let keys = "";
    for (const word of wordsOfEvent(event)) keys += `${this.#keyOf(word)} `;
    this.#insertEvent.run(event.id, keys);
  }

  #keyOf(word: string): string {
    const known = this.#known.get(word);
    if (known !== undefined) return known;
    const key = wordKey(Number(this.#find.get(word)?.["id"] ?? this.#insert(word)));
    if (this.#known.size >= wordsRemembered) this.#known.clear();
    this.#known.set(word, key);
    return key;
  }

  #insert(word: string): number {
    const id = Number(this.#insertWord.run(word).lastInsertRowid);
    // Of a long id only the beginning is looked for, which the words' own order finds.
    if (!isLongId(word)) this.#insertPart.run(id, word);
    return id;
  }
}

function openFile(file: string): DatabaseSync {
  // For the owner alone, as the log is.
  closeSync(openSync(file, "a", 0o600));
  const database = new DatabaseSync(file, { timeout: busyTimeoutMs });
  try {
    // NORMAL: a power cut may lose the last batches, which are read from the log again.
    database.exec("pragma journal_mode = wal; pragma synchronous = normal; pragma trusted_schema = off");
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
