import { Listeners } from "../../page/listeners.ts";
import type { Event } from "../event/event.ts";
import {
  findBeside,
  nextOf,
  pageSize,
  readAbovePage,
  type ReadPage,
  readPage,
  type Order,
  placeAbove,
  placeOf,
  type SearchedTo,
} from "./event-reader.ts";
import { EventRows, type HeldPage } from "./event-rows.ts";
import type { Shown } from "./shown.ts";
import { startQuery } from "./start-query.ts";

/** Beyond this many rows live mode drops the oldest that nobody looks at; scrolling down reads them again. */
const liveRowsMax = 5_000;
/** Browsers end an element at some 16 to 33 million pixels; the list moves its beginning before that. */
const rowsMax = 400_000;

/**
 * The events that match one filter, newest or oldest first: read page by page as somebody scrolls down, and added at the top as they
 * come. Rows far from those that are looked at are let go and read again when needed: the log only grows, so that a page
 * that begins before an id always holds the same.
 */
export class EventStore {
  readonly #query: URLSearchParams;
  readonly #read: ReadPage;
  readonly #listeners = new Listeners();
  readonly #rows = new EventRows();
  #looked = 0;
  #lookedTo = 0;
  #reading = new Set<number>();
  readonly #around: number | undefined;
  /** From when the list begins; undefined once it has. */
  #at: string | undefined;
  readonly #order: Order;
  #abort = new AbortController();
  #shown: Shown = {
    rowCount: 0,
    isAtEnd: false,
    isLoading: false,
    error: null,
    isRebased: false,
    isBeyond: false,
    addedAbove: 0,
    searchedTo: undefined,
    indexedTo: undefined,
    otherNames: [],
    isStopped: false,
    newestId: undefined,
    readAt: undefined,
  };

  /**
   * `around`: the list begins with the surroundings of this event, where that isn't among the first. `at`: it begins at this time, with the
   * newest event that isn't later or, oldest first, the oldest that isn't earlier.
   */
  constructor(
    query: URLSearchParams,
    {
      around,
      at,
      order = "newest",
      read = readPage,
    }: { around?: number | undefined; at?: string | undefined; order?: Order; read?: ReadPage } = {},
  ) {
    this.#query = query;
    this.#read = read;
    this.#order = order;
    this.#around = at === undefined ? around : undefined;
    this.#at = at;
    // Until it is known whether there is something above.
    this.#shown = { ...this.#shown, isRebased: at !== undefined };
  }

  readonly subscribe = this.#listeners.subscribe;

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
    await this.readOn();
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
    if (this.#shown.isLoading) return this.#settled();
    if (this.#shown.isAtEnd) return;
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
    const query = startQuery(this.#query, this.#order, this.#at);
    if (query === undefined) return this.#beginAtTop(signal);
    const page = await this.#read(from === undefined ? query : this.#query, placeOf(this.#order, from), signal);
    signal.throwIfAborted();
    const { items, next } = nextOf(page, this.#order, from);
    if (this.#at !== undefined && items.length === 0 && next === undefined && this.#rows.count === 0) {
      return this.#beginAtTop(signal);
    }
    const [first] = items;
    const isStart = this.#at !== undefined && first !== undefined;
    const isRebased = isStart ? await this.#hasAbove(first.id, signal) : this.#shown.isRebased;
    if (isStart) this.#at = undefined;
    this.#rows.addBelow(items, this.#order === "newest" ? from : (from ?? (items[0]?.id ?? 1) - 1));
    // A mix of filters that no index serves may give a short page, or none yet: the next one goes on where it stopped.
    this.#resumeFrom = next;
    this.#rows.letGo(this.#looked);
    this.#change({
      isAtEnd: next === undefined,
      isRebased,
      searchedTo: page.searched_to ?? undefined,
      // Of the first page: those that follow are further from what the index lacks.
      ...(from === undefined && { indexedTo: page.search?.indexed_to }),
      otherNames: page.did_you_mean,
      readAt: new Date(),
    });
  }

  /** There is nothing at the time from which it was to begin. */
  async #beginAtTop(signal: AbortSignal): Promise<void> {
    this.#at = undefined;
    this.#resumeFrom = undefined;
    this.#change({ isBeyond: true, isRebased: false });
    return this.#readFurther(signal);
  }

  /** Whether there is something above an event. */
  async #hasAbove(id: number, signal: AbortSignal): Promise<boolean> {
    const { items, searched_to: searchedTo } = await this.#read(this.#query, placeAbove(this.#order, id), signal, 1);
    signal.throwIfAborted();
    // A page that was given up short may have more behind it.
    return items.length > 0 || searchedTo !== null;
  }

  readonly #note = (searchedTo: SearchedTo): void => this.#change({ searchedTo });

  /** The event and those above it. */
  async #readAround(id: number, signal: AbortSignal): Promise<void> {
    const { items, isTop } = await this.#readAbove(this.#order === "newest" ? id - 1 : id + 1, signal);
    this.#rows.addAbove(items, this.#order);
    this.#resumeFrom = id;
    this.#change({ isRebased: !isTop });
  }

  #readAbove(from: number, signal: AbortSignal): ReturnType<typeof readAbovePage> {
    return readAbovePage(this.#query, this.#order, from, signal, this.#read, this.#note);
  }

  /** Reads the next page above, where events were left out there. */
  async readUp(): Promise<void> {
    if (this.#shown.isLoading || !this.#shown.isRebased) return;
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const { searchedTo } = this.#shown;
    this.#change({ isLoading: true, error: null });
    try {
      const below = this.#rows.below ?? this.#around ?? 1;
      const { items, isTop } = await this.#readAbove(this.#order === "newest" ? below - 1 : below + 1, signal);
      this.#rows.addAbove(items, this.#order);
      const addedAbove = this.#shown.addedAbove + items.length;
      this.#change({ isLoading: false, searchedTo, isRebased: !isTop, addedAbove });
    } catch (error) {
      this.#change({ isLoading: false, searchedTo, ...(!signal.aborted && { error }) });
    }
  }

  /** The next older (1) or newer (-1) event that matches, also where it isn't held; undefined where there is none. */
  async beside(id: number, by: 1 | -1): Promise<Event | undefined> {
    const step = this.#order === "newest" ? by : -by;
    if (step === -1 && this.rowOf(id) === 0) await this.readUp();
    const row = this.rowOf(id);
    const held = row === undefined ? undefined : this.rowAt(row + step);
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
    this.#listeners.tell();
  }
}
