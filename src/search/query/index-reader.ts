import path from "node:path";
import { CompiledQuery } from "kysely";
import type { Database } from "../../database/database.ts";
import { ReaderPool } from "../../database/readers/reader-pool.ts";
import {
  fileIdentity,
  findIndexDamage,
  indexFormat,
  type IndexRow,
  progressQuery,
  readProgress,
} from "../index/format.ts";
import { type AskIndex, findIds, type IndexAnswer, type IndexQuestion } from "./find-ids.ts";

const indexes = new WeakMap<Database, IndexReader>();

/** The index that this process has of that log; undefined if it has none. */
export function findIndex(db: Database): IndexReader | undefined {
  return indexes.get(db);
}

/** From now on this process has an index of that log, and at most so many threads that look things up in it. */
export function openIndex(file: string, db: Database, threadsMax: number): IndexReader {
  const index = new IndexReader(file, db, threadsMax);
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
  find(question: IndexQuestion, hasTime: () => boolean): Promise<IndexAnswer | undefined>;
}

interface OpenFile {
  readonly threads: ReaderPool;
  readonly ask: AskIndex;
  readonly identity: string;
  /** False until it was seen to be of this format: it may be in the making. */
  isOfFormat: boolean;
  /** False of one that is damaged. It stays open, so that no other file gets its identity before that was told. */
  isUsable: boolean;
}

/**
 * The index of a log, for looking things up, in threads of its own: a search waits for no export, and nothing waits for a search. Whatever
 * is wrong with it, the rows are still there to be searched.
 */
export class IndexReader implements AsyncDisposable {
  readonly #file: string;
  readonly #log: Database;
  readonly #threadsMax: number;
  #current: OpenFile | undefined;
  #onDamage: (damage: FoundDamage) => void = () => {};

  constructor(file: string, log: Database, threadsMax = 1) {
    this.#file = file;
    this.#log = log;
    this.#threadsMax = threadsMax;
  }

  /** Whom to tell that the index is damaged. */
  set onDamage(tell: (damage: FoundDamage) => void) {
    this.#onDamage = tell;
  }

  /** The index as it is now; undefined where there is none, or none of this log. */
  async open(): Promise<OpenIndex | undefined> {
    const file = this.#take();
    if (file === undefined) return undefined;
    const to = await this.#asking(file, async (ask) => {
      file.isOfFormat ||= (await ask("pragma user_version"))[0]?.["user_version"] === indexFormat;
      if (!file.isOfFormat) return undefined;
      const [row] = await ask(progressQuery);
      return readProgress(row);
    });
    if (to === undefined) return undefined;
    // Of another log, or of one that was set back since: its process builds it again.
    const event = await this.#log
      .selectFrom("event")
      .select("leaf_hash")
      .where("id", "=", to.eventId)
      .executeTakeFirst();
    if (event === undefined || !Buffer.from(event.leaf_hash).equals(to.leafHash)) return undefined;
    return {
      indexedTo: to.eventId,
      find: (question, hasTime) => this.#asking(file, (ask) => findIds(ask, question, hasTime)),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { threads } = this.#current ?? {};
    this.#current = undefined;
    await threads?.[Symbol.asyncDispose]();
  }

  /** The file that is there now: it may have been made anew since it was opened. */
  #take(): OpenFile | undefined {
    const identity = fileIdentity(this.#file);
    if (this.#current?.identity === identity) return this.#current;
    // Whoever still asks the old one is told that it has ended, and goes on with the rows.
    void this[Symbol.asyncDispose]();
    if (identity === undefined) return undefined;
    const threads = new ReaderPool(this.#file, this.#threadsMax);
    const ask: AskIndex = async (sql, ...parameters) =>
      (await threads.executeQuery<IndexRow>(CompiledQuery.raw(sql, [...parameters]))).rows;
    this.#current = { threads, ask, identity, isOfFormat: false, isUsable: true };
    return this.#current;
  }

  async #asking<Answer>(file: OpenFile, work: (ask: AskIndex) => Promise<Answer>): Promise<Answer | undefined> {
    if (!file.isUsable) return undefined;
    try {
      const answer = await work(file.ask);
      // Made anew meanwhile, it may not have these events yet, and a thread that began late may have read that one.
      return fileIdentity(this.#file) === file.identity ? answer : undefined;
    } catch (error) {
      const what = findIndexDamage(error);
      if (what === undefined || fileIdentity(this.#file) !== file.identity) return undefined;
      file.isUsable = false;
      this.#onDamage({ what, identity: file.identity });
      return undefined;
    }
  }
}
