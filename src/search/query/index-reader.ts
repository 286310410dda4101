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

/** The index of a log, for looking things up. Whatever is wrong with it, the rows are still there to be searched. */
export class IndexReader implements Disposable {
  readonly #file: string;
  readonly #log: Database;
  #opened: { readonly database: DatabaseSync; readonly identity: string } | undefined;
  #onDamage: (damage: FoundDamage) => void = () => {};

  constructor(file: string, log: Database) {
    this.#file = file;
    this.#log = log;
  }

  /** Whom to tell that the index is damaged. */
  set onDamage(tell: (damage: FoundDamage) => void) {
    this.#onDamage = tell;
  }

  /** Up to which event the index is this log's; 0 where there is nothing to ask. */
  async indexedTo(): Promise<number> {
    const to = this.#asking((database) => readProgress(database));
    if (to === undefined) return 0;
    // Of another log, or of one that was set back since: its process builds it again.
    const event = await this.#log
      .selectFrom("event")
      .select("leaf_hash")
      .where("id", "=", to.eventId)
      .executeTakeFirst();
    return event !== undefined && Buffer.from(event.leaf_hash).equals(to.leafHash) ? to.eventId : 0;
  }

  /** Which events may be what is asked for; undefined where the index can't be asked. */
  find(question: IndexQuestion, hasTime: () => boolean): IndexAnswer | undefined {
    return this.#asking((database) => findIds(database, question, hasTime));
  }

  [Symbol.dispose](): void {
    this.#opened?.database.close();
    this.#opened = undefined;
  }

  #asking<Answer>(ask: (database: DatabaseSync) => Answer): Answer | undefined {
    const identity = fileIdentity(this.#file);
    if (identity === undefined) return undefined;
    try {
      const database = this.#open(identity);
      return database && ask(database);
    } catch (error) {
      this[Symbol.dispose]();
      const what = findIndexDamage(error);
      if (what !== undefined) this.#onDamage({ what, identity });
      return undefined;
    }
  }

  /** The file as it is now: it may have been made anew since it was opened. */
  #open(identity: string): DatabaseSync | undefined {
    if (this.#opened !== undefined && this.#opened.identity === identity) return this.#opened.database;
    this[Symbol.dispose]();
    const database = new DatabaseSync(this.#file, { readOnly: true, timeout: busyTimeoutMs });
    try {
      const { user_version: format } = database.prepare("pragma user_version").get() ?? {};
      database.exec(`pragma cache_size = -${cacheKibibytes}; pragma trusted_schema = off`);
      if (format === indexFormat) {
        this.#opened = { database, identity };
        return database;
      }
    } catch (error) {
      database.close();
      throw error;
    }
    database.close();
    return undefined;
  }
}
