import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Database } from "../../database/database.ts";
import { fileIdentity, findIndexDamage, indexFormat, readProgress } from "../index/format.ts";
import { findIds, type IndexAnswer, type IndexQuestion } from "./find-ids.ts";

/** Of pages: the upper levels of the words' trees stay in memory. */
const cacheKibibytes = 8_192;
/** Nobody waits for an index: a search can do without. */
const busyTimeoutMs = 50;

const indexes = new WeakMap<Database, IndexReader>();

/** The index that this process has of that log; undefined if it has none. */
export function findIndex(db: Database): IndexReader | undefined {
  return indexes.get(db);
}

/** From now on this process has an index of that log. */
export function openIndex(file: string, db: Database): IndexReader {
  const index = new IndexReader(file, db);
  indexes.set(db, index);
  return index;
}

/** Where a server keeps its index. */
export function indexFile(dataFolder: string): string {
  return path.join(dataFolder, "search.db");
}

/** What is wrong with an index, and with which file of it. */
export interface FoundDamage {
  readonly what: string;
  readonly identity: string;
}

/** An index as it was opened for one search. */
export interface OpenIndex {
  /** Up to which event it is this log's; at least 1. */
  readonly indexedTo: number;
  /** Which events may be what is asked for; undefined where the index can't be asked any more. */
  find(question: IndexQuestion, hasTime: () => boolean): IndexAnswer | undefined;
}

interface OpenFile {
  readonly database: DatabaseSync;
  readonly identity: string;
  /** False of one that is damaged. It stays open, so that no other file gets its identity before that was told. */
  isUsable: boolean;
}

/** The index of a log, for looking things up. Whatever is wrong with it, the rows are still there to be searched. */
export class IndexReader implements Disposable {
  readonly #file: string;
  readonly #log: Database;
  #current: OpenFile | undefined;
  #onDamage: (damage: FoundDamage) => void = () => {};

  constructor(file: string, log: Database) {
    this.#file = file;
    this.#log = log;
  }

  /** Whom to tell that the index is damaged. */
  set onDamage(tell: (damage: FoundDamage) => void) {
    this.#onDamage = tell;
  }

  /** The index as it is now; undefined where there is none, or none of this log. */
  async open(): Promise<OpenIndex | undefined> {
    const file = this.#take();
    const to = file && this.#asking(file, readProgress);
    if (file === undefined || to === undefined) return undefined;
    // Of another log, or of one that was set back since: its process builds it again.
    const event = await this.#log
      .selectFrom("event")
      .select("leaf_hash")
      .where("id", "=", to.eventId)
      .executeTakeFirst();
    if (event === undefined || !Buffer.from(event.leaf_hash).equals(to.leafHash)) return undefined;
    return {
      indexedTo: to.eventId,
      // One that was made anew meanwhile may not have these events yet.
      find: (question, hasTime) =>
        this.#current === file ? this.#asking(file, (database) => findIds(database, question, hasTime)) : undefined,
    };
  }

  [Symbol.dispose](): void {
    this.#current?.database.close();
    this.#current = undefined;
  }

  /** The file that is there now: it may have been made anew since it was opened. */
  #take(): OpenFile | undefined {
    const identity = fileIdentity(this.#file);
    if (this.#current?.identity === identity) return this.#current;
    this[Symbol.dispose]();
    if (identity === undefined) return undefined;
    try {
      const database = new DatabaseSync(this.#file, { readOnly: true, timeout: busyTimeoutMs });
      this.#current = { database, identity, isUsable: true };
    } catch {
      // It may have been deleted just now, and the next search tries again.
      return undefined;
    }
    const isOfFormat = this.#asking(this.#current, (database) => {
      database.exec(`pragma cache_size = -${cacheKibibytes}; pragma trusted_schema = off`);
      return database.prepare("pragma user_version").get()?.["user_version"] === indexFormat;
    });
    if (isOfFormat === true) return this.#current;
    // It may be in the making. One that is damaged was told of, and stays open.
    if (isOfFormat === false) this[Symbol.dispose]();
    return undefined;
  }

  #asking<Answer>(file: OpenFile, ask: (database: DatabaseSync) => Answer): Answer | undefined {
    if (!file.isUsable) return undefined;
    try {
      return ask(file.database);
    } catch (error) {
      const what = findIndexDamage(error);
      if (what === undefined) return undefined;
      file.isUsable = false;
      this.#onDamage({ what, identity: file.identity });
      return undefined;
    }
  }
}
