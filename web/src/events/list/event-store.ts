import type { Event } from "../event/event.ts";
import {
  findBeside,
  nextOf,
  type OtherName,
  pageSize,
  readNewerPage,
  type ReadPage,
  readPage,
  type Order,
  placeOf,
  type SearchedTo,
} from "./event-reader.ts";
import { EventRows, type HeldPage } from "./event-rows.ts";

/** Beyond this many rows live mode drops the oldest that nobody looks at; scrolling down reads them again. */
const liveRowsMax = 5_000;
/** Browsers end an element at some 16 to 33 million pixels; the list moves its beginning before that. */
const rowsMax = 400_000;

/** What a list shows of the store. A new object whenever something has changed. */
export interface Shown {
  readonly rowCount: number;
  readonly isAtEnd: boolean;
  readonly isLoading: boolean;
  readonly error: unknown;
  /** True where newer events than the first row were left out: to make room, or since the list begins elsewhere. */
  readonly isRebased: boolean;
  /** Rows that were added above the others on demand, altogether: what is looked at moves down by so many. */
  readonly addedAbove: number;
  /** How far the search for the next rows has come, where the last page was given up short. */
  readonly searchedTo: SearchedTo | undefined;
  /** Up to which event words were looked up in the search index; null without one, undefined where no words are searched. */
  readonly indexedTo: number | null | undefined;
  /** Names that may have been meant, where nothing was found. */
  readonly otherNames: readonly OtherName[];
  /** True where somebody has stopped the search. */
  readonly isStopped: boolean;
  /** The id of the newest event that is held; undefined while there is none. */
  readonly newestId: number | undefined;
  /** When the events were read last. */
  readonly readAt: Date | undefined;
}

/**
 * The events that match one filter, newest or oldest first: read page by page as somebody scrolls down, and added at the top as they
 * come. Rows far from those that are looked at are let go and read again when needed: the log only grows, so that a page
 * that begins before an id always holds the same.
 */
export class EventStore {
  readonly #query: URLSearchParams;
  readonly #read: ReadPage;
  readonly #listeners = new Set<() => void>();
  readonly #rows = new EventRows();
  #looked = 0;
  #lookedTo = 0;
  #reading = new Set<number>();
  readonly #around: number | undefined;
  readonly #order: Order;
  #abort = new AbortController();
  #shown: Shown = {
    rowCount: 0,
    isAtEnd: false,
    isLoading: false,
    error: null,
    isRebased: false,
    addedAbove: 0,
    searchedTo: undefined,
    indexedTo: undefined,
    otherNames: [],
    isStopped: false,
    newestId: undefined,
    readAt: undefined,
  };

  /** `around`: newest first, the list begins with the surroundings of this event, where that isn't among the newest. */
  constructor(
    query: URLSearchParams,
    { around, order = "newest", read = readPage }: { around?: number | undefined; order?: Order; read?: ReadPage } = {},
  ) {
    this.#query = query;
    this.#read = read;
    this.#order = order;
    this.#around = order === "newest" ? around : undefined;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly shown = (): Shown => this.#shown;

  /** The event in a row; undefined while it is being read. */
  rowAt(index: number): Event | undefined {
    return this.#rows.at(index);
  }

  /** The row of an event that is held; undefined where it isn't. */
  rowOf(id: number): number | undefined {
    return this.#rows.rowOf(id);
  }

  /** An event, where it is in memory. */
  held(id: number): Event | undefined {
    return this.rowAt(this.rowOf(id) ?? -1);
  }

  /** Makes sure that the rows from `start` to `end` are read, and reads on where the end of what is known comes near. */
  look(start: number, end: number): void {
    this.#looked = start;
    this.#lookedTo = end;
    for (const page of this.#rows.missing(start, end)) void this.#readAgain(page);
    if (this.#isNearEnd() && !this.#shown.isStopped) void this.readOn();
  }

  #isNearEnd(): boolean {
    return this.#lookedTo + pageSize / 4 >= this.#shown.rowCount;
  }

  /** Tries once more what has failed: a page that was let go, or the next older one. */
  retry(): void {
    this.#change({ error: null });
    this.look(this.#looked, this.#lookedTo);
  }

  /** Waits for the newest events, and reads them where that has failed before. */
  async begin(): Promise<void> {
    if (this.#shown.readAt !== undefined) return;
    if (this.#shown.isLoading) await this.#settled();
    else await this.readOn();
    if (this.#shown.readAt === undefined) throw this.#shown.error;
  }

  #settled(): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.subscribe(() => {
        if (this.#shown.isLoading) return;
        stop();
        resolve();
      });
    });
  }

  /** Reads the next page below, or as many as it takes where pages are given up short. */
  async readOn(): Promise<void> {
    if (this.#shown.isLoading || this.#shown.isAtEnd) return;
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#change({ isLoading: true, isStopped: false, error: null });
    try {
      if (this.#around !== undefined && this.#rows.count === 0 && this.#shown.readAt === undefined)
        await this.#readAround(this.#around, signal);
      do await this.#readFurther(signal);
      while (this.#shown.searchedTo !== undefined && this.#isNearEnd());
      this.#change({ isLoading: false });
    } catch (error) {
      this.#change(signal.aborted ? { isLoading: false, isStopped: true } : { isLoading: false, error });
    }
  }

  /** Ends the search; what was found stays, and `readOn` goes on. */
  stop(): void {
    this.#abort.abort();
  }

  async #readFurther(signal: AbortSignal): Promise<void> {
    const from = this.#resumeFrom ?? this.#rows.lastId;
    const page = await this.#read(this.#query, placeOf(this.#order, from), signal);
    signal.throwIfAborted();
    const { items, next } = nextOf(page, this.#order, from);
    this.#rows.addBelow(items, from ?? (this.#order === "oldest" ? 0 : undefined));
    // A mix of filters that no index serves may give a short page, or none yet: the next one goes on where it stopped.
    this.#resumeFrom = next;
    this.#rows.letGo(this.#looked);
    this.#change({
      isAtEnd: next === undefined,
      searchedTo: page.searched_to ?? undefined,
      // Of the first page: those that follow are further from what the index lacks.
      ...(from === undefined && { indexedTo: page.search?.indexed_to }),
      otherNames: page.did_you_mean,
      readAt: new Date(),
    });
  }

  readonly #note = (searchedTo: SearchedTo): void => this.#change({ searchedTo });

  /** The event and those after it, so that there is something above it. */
  async #readAround(id: number, signal: AbortSignal): Promise<void> {
    const { items, isNewest } = await readNewerPage(this.#query, id - 1, signal, this.#read, this.#note);
    this.#rows.addBelow(items);
    this.#resumeFrom = id;
    this.#change({ isRebased: !isNewest });
  }

  /** Reads the next newer page, where newer events were left out. */
  async readNewer(): Promise<void> {
    if (this.#shown.isLoading || !this.#shown.isRebased) return;
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const { searchedTo } = this.#shown;
    this.#change({ isLoading: true, error: null });
    try {
      const after = (this.#rows.below ?? this.#around ?? 1) - 1;
      const { items, isNewest } = await readNewerPage(this.#query, after, signal, this.#read, this.#note);
      this.#rows.addNewer(items);
      const addedAbove = this.#shown.addedAbove + items.length;
      this.#change({ isLoading: false, searchedTo, isRebased: !isNewest, addedAbove });
    } catch (error) {
      this.#change({ isLoading: false, searchedTo, ...(!signal.aborted && { error }) });
    }
  }

  /** The next older (1) or newer (-1) event that matches, also where it isn't held; undefined where there is none. */
  async beside(id: number, by: 1 | -1): Promise<Event | undefined> {
    if (by === -1 && this.rowOf(id) === 0) await this.readNewer();
    const row = this.rowOf(id);
    const held = row === undefined ? undefined : this.rowAt(row + (this.#order === "newest" ? by : -by));
    return held ?? findBeside(this.#query, id, by, new AbortController().signal);
  }

  /** Puts newer events, oldest first, above the others. */
  prepend(events: readonly Event[]): void {
    const known = this.#shown.newestId ?? 0;
    const added = events.filter(({ id }) => id > known).toReversed();
    if (added.length === 0) return;
    this.#rows.prepend(added);
    this.#dropOldest();
    this.#rows.letGo(this.#looked);
    this.#change({ readAt: new Date() });
  }

  #dropOldest(): void {
    // A page that is on its way goes below the last one.
    if (this.#shown.isLoading || this.#looked > pageSize) return;
    const before = this.#rows.dropLast(liveRowsMax);
    if (before === undefined) return;
    this.#resumeFrom = before;
    this.#shown = { ...this.#shown, isAtEnd: false };
  }

  /** Makes room at the top where there is too much; says how many rows went. */
  rebase(): number {
    if (this.#shown.rowCount <= rowsMax) return 0;
    const removed = this.#rows.dropFirst(rowsMax / 2);
    this.#change({ isRebased: true });
    return removed;
  }

  /** Where the next page begins, if that isn't below the last row. */
  #resumeFrom: number | undefined;

  async #readAgain(page: HeldPage): Promise<void> {
    const { from } = page;
    if (this.#reading.has(from)) return;
    this.#reading.add(from);
    try {
      const { signal } = new AbortController();
      const again = await this.#read(this.#query, placeOf(this.#order, from), signal);
      page.events = nextOf(again, this.#order, from).items.slice(0, page.count);
      this.#rows.letGo(this.#looked);
      this.#change({});
    } catch (error) {
      this.#change({ error });
    } finally {
      this.#reading.delete(from);
    }
  }

  #change(changes: Partial<Shown>): void {
    const newestId = this.#rows.newestId ?? this.#shown.newestId;
    this.#shown = { ...this.#shown, ...changes, rowCount: this.#rows.count, newestId };
    for (const listener of this.#listeners) listener();
  }
}
