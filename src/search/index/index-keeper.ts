import { setImmediate as nextTick } from "node:timers/promises";
import type { Database } from "../../database/database.ts";
import type { FoundDamage } from "../query/index-reader.ts";
import { searchedColumns } from "../words/event-words.ts";
import { DamagedIndex, fileIdentity, findIndexDamage, type IndexedEvent, nothingIndexed } from "./format.ts";
import { IndexWriter } from "./index-writer.ts";

/** Events of one transaction: few, as a search looks at what is behind one by one, and the rows of 2,000 took 50 MB more. */
const batchMax = 500;
/** How soon a new event is in the index. */
const pollMs = 250;
/** How often some events are looked up, and how many at the start and then. */
const checkMs = 60_000;
const checkedAtStart = 25;
const checkedThen = 5;

/** What is told of the work. `rebuilt` says what was wrong with the index that was there. */
export type Told = { readonly indexedTo: number } | { readonly rebuilt: string; readonly indexedTo: number };

export interface IndexParts {
  readonly db: Database;
  readonly file: string;
  tell(told: Told): void;
  /** What somebody else has found wrong with the index since this was last asked. */
  takeDamage(): FoundDamage | undefined;
  /** Waits, shorter where there is something to do. */
  rest(ms: number): Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Keeps an index up to date with the log until the signal is aborted. What is missing, damaged, or of another history of the log is
 * built again. Throws what keeps it from reading the log or writing the file.
 */
export async function keepIndex(parts: IndexParts): Promise<void> {
  const { db, file, tell, signal } = parts;
  const index = new KeptIndex(file, tell);
  using _closing = index;
  let checkAt = -Infinity;
  while (!signal.aborted) {
    const damage = parts.takeDamage();
    await index.takeFile();
    // What was found in the file before may be mended.
    if (damage?.identity === index.identity && damage !== undefined) index.rebuild(damage.what);
    if (!(await isOfThisLog(db, index))) index.restart();
    if (performance.now() >= checkAt) {
      const count = checkAt === -Infinity ? checkedAtStart : checkedThen;
      checkAt = performance.now() + checkMs;
      await checkSome(db, index, count);
    }
    const events = await readAfter(db, index.indexedTo.eventId);
    await index.add(events);
    tell({ indexedTo: index.indexedTo.eventId });
    if (events.length === batchMax) await nextTick();
    else await parts.rest(pollMs);
  }
}

/** The index, made anew wherever it isn't what was written. */
class KeptIndex implements Disposable {
  readonly #file: string;
  readonly #tell: (told: Told) => void;
  #writer: IndexWriter | undefined;
  #identity: string | undefined;
  #walIdentity: string | undefined;
  /** The event that was missed before it was last built again. */
  #missed: number | undefined;

  constructor(file: string, tell: (told: Told) => void) {
    this.#file = file;
    this.#tell = tell;
  }

  get identity(): string | undefined {
    return this.#identity;
  }

  get indexedTo() {
    return this.#writer?.indexedTo ?? nothingIndexed;
  }

  /** Opens the file, or makes it anew where it or its write-ahead log was deleted or replaced while it was open. */
  async takeFile(): Promise<void> {
    if (this.#writer === undefined) {
      await this.#mending(async () => void (this.#writer = IndexWriter.open(this.#file)));
      this.#identify();
    } else if (this.#identity !== fileIdentity(this.#file) || this.#walIdentity !== fileIdentity(`${this.#file}-wal`)) {
      this.restart();
    }
  }

  async add(events: readonly IndexedEvent[]): Promise<void> {
    await this.#mending(async (writer) => writer?.add(events));
  }

  /** Looks an event up by each of its words. */
  async check(event: IndexedEvent): Promise<void> {
    await this.#mending(async (writer) => {
      const word = await writer?.findMissingWord(event);
      if (word === undefined) return;
      // Built again and again it would differ again and again.
      if (this.#missed === event.id) throw new Error(`event ${event.id} is missed again after the index was rebuilt`);
      this.#missed = event.id;
      throw new DamagedIndex(`event ${event.id} was not found by each of its words`);
    });
  }

  rebuild(damage: string): void {
    const { eventId: indexedTo } = this.indexedTo;
    this.restart();
    this.#tell({ rebuilt: damage, indexedTo });
  }

  /** Begins again with an empty index. */
  restart(): void {
    this[Symbol.dispose]();
    this.#writer = IndexWriter.make(this.#file);
    this.#identify();
  }

  [Symbol.dispose](): void {
    this.#writer?.[Symbol.dispose]();
    this.#writer = undefined;
  }

  #identify(): void {
    this.#identity = fileIdentity(this.#file);
    this.#walIdentity = fileIdentity(`${this.#file}-wal`);
  }

  async #mending(work: (writer: IndexWriter | undefined) => Promise<void>): Promise<void> {
    try {
      await work(this.#writer);
    } catch (error) {
      const damage = findIndexDamage(error);
      if (damage === undefined) throw error;
      this.rebuild(damage);
    }
  }
}

/** False of the index of another log, and of one that was set back or lost its end. */
async function isOfThisLog(db: Database, { indexedTo: { eventId, leafHash } }: KeptIndex): Promise<boolean> {
  if (eventId === 0) return true;
  const event = await db.selectFrom("event").select("leaf_hash").where("id", "=", eventId).executeTakeFirst();
  return event !== undefined && Buffer.from(event.leaf_hash).equals(leafHash);
}

async function checkSome(db: Database, index: KeptIndex, count: number): Promise<void> {
  const { eventId: newest } = index.indexedTo;
  const all = newest <= count;
  const ids = Array.from({ length: Math.min(count, newest) }, (_, at) =>
    all ? at + 1 : 1 + Math.floor(Math.random() * newest),
  );
  for (const event of await readEvents(db, ids)) {
    // It was found to be damaged, and begins again.
    if (index.indexedTo.eventId < newest) return;
    await index.check(event);
  }
}

function readAfter(db: Database, id: number): Promise<readonly IndexedEvent[]> {
  return db
    .selectFrom("event")
    .select(["id", "leaf_hash", ...searchedColumns])
    .where("id", ">", id)
    .orderBy("id")
    .limit(batchMax)
    .execute();
}

async function readEvents(db: Database, ids: readonly number[]): Promise<readonly IndexedEvent[]> {
  if (ids.length === 0) return [];
  return db
    .selectFrom("event")
    .select(["id", "leaf_hash", ...searchedColumns])
    .where("id", "in", ids)
    .execute();
}
