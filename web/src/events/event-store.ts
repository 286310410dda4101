import { type Answer, request } from "../api/request.ts";
import { queryClient } from "../query-client.ts";
import type { Event } from "./event.ts";

/** Rows that are read at once. */
export const pageSize = 200;
/** Pages whose rows are held: scrolling stays smooth while few objects are in memory. */
const heldPagesMax = 50;
/** Beyond this many rows live mode drops the oldest that nobody looks at; scrolling down reads them again. */
const liveRowsMax = 5_000;
/** Browsers end an element at some 16 to 33 million pixels; the list moves its beginning before that. */
const rowsMax = 400_000;

interface Page {
  /** It holds events older than the one of this id: also the first page, or another reading would begin at newer ones. */
  readonly before: number;
  readonly count: number;
  /** Undefined where they were let go; the page is read again when it is looked at. */
  events: readonly Event[] | undefined;
}

/** What a list shows of the store. A new object whenever something has changed. */
export interface Shown {
  readonly rowCount: number;
  readonly isAtEnd: boolean;
  readonly isLoading: boolean;
  readonly error: unknown;
  /** True where newer events than the first row were left out to make room. */
  readonly isRebased: boolean;
  /** The id of the newest event that is held; undefined while there is none. */
  readonly newestId: number | undefined;
  /** When the events were read last. */
  readonly readAt: Date | undefined;
}

/** Reads one page of the events that `query` asks for. */
export type ReadPage = (query: URLSearchParams, before: number | undefined) => Promise<Answer<"GET /events">>;

/**
 * The events that match one filter, newest first: read page by page as somebody scrolls down, and added at the top as they
 * come. Rows far from those that are looked at are let go and read again when needed: the log only grows, so that a page
 * that begins before an id always holds the same.
 */
export class EventStore {
  readonly #query: URLSearchParams;
  readonly #read: ReadPage;
  readonly #listeners = new Set<() => void>();
  #head: Event[] = [];
  #pages: Page[] = [];
  #looked = 0;
  #lookedTo = 0;
  #reading = new Set<number>();
  #shown: Shown = {
    rowCount: 0,
    isAtEnd: false,
    isLoading: false,
    error: null,
    isRebased: false,
    newestId: undefined,
    readAt: undefined,
  };

  constructor(query: URLSearchParams, read: ReadPage = readPage) {
    this.#query = query;
    this.#read = read;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly shown = (): Shown => this.#shown;

  /** The event in a row; undefined while it is being read. */
  rowAt(index: number): Event | undefined {
    if (index < this.#head.length) return this.#head[index];
    const found = this.#pageOf(index);
    return found?.page.events?.[index - found.start];
  }

  /** The row of an event that is held; undefined where it isn't. */
  rowOf(id: number): number | undefined {
    const at = this.#head.findIndex((event) => event.id === id);
    if (at !== -1) return at;
    let start = this.#head.length;
    for (const { events, count } of this.#pages) {
      const place = events?.findIndex((event) => event.id === id) ?? -1;
      if (place !== -1) return start + place;
      start += count;
    }
    return undefined;
  }

  /** Makes sure that the rows from `start` to `end` are read, and reads on where the end of what is known comes near. */
  look(start: number, end: number): void {
    this.#looked = start;
    this.#lookedTo = end;
    for (let row = start; row < Math.min(end, this.#shown.rowCount); row += 1) {
      const found = row < this.#head.length ? undefined : this.#pageOf(row);
      if (found !== undefined && found.page.events === undefined) void this.#readAgain(found.page);
    }
    if (end + pageSize / 4 >= this.#shown.rowCount) void this.readOn();
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

  /** Reads the next older page. */
  async readOn(): Promise<void> {
    if (this.#shown.isLoading || this.#shown.isAtEnd) return;
    const before = this.#oldestId();
    this.#change({ isLoading: true, error: null });
    try {
      const { items, older } = await this.#read(this.#query, before);
      // A mix of filters that no index serves may give a short page, or none yet: `older` goes on where it stopped.
      const next = olderThan(older);
      const [newest] = items;
      if (newest !== undefined) {
        this.#pages.push({ before: before ?? newest.id + 1, count: items.length, events: items });
      }
      this.#resumeBefore = next;
      this.#letGo();
      this.#change({ isLoading: false, isAtEnd: older === null, readAt: new Date() });
      if (items.length === 0 && older !== null) await this.readOn();
    } catch (error) {
      this.#change({ isLoading: false, error });
    }
  }

  /** Puts newer events, oldest first, above the others. */
  prepend(events: readonly Event[]): void {
    const known = this.#shown.newestId ?? 0;
    const added = events.filter(({ id }) => id > known).toReversed();
    if (added.length === 0) return;
    this.#head = [...added, ...this.#head];
    while (this.#head.length >= 2 * pageSize) {
      const page = this.#head.splice(-pageSize);
      this.#pages.unshift({ before: (page[0]?.id ?? 0) + 1, count: page.length, events: page });
    }
    this.#dropOldest();
    this.#letGo();
    this.#change({ readAt: new Date() });
  }

  #dropOldest(): void {
    // A page that is on its way goes below the last one.
    if (this.#shown.isLoading || this.#looked > pageSize) return;
    let rows = this.#head.length + this.#pages.reduce((sum, { count }) => sum + count, 0);
    while (rows > liveRowsMax) {
      const last = this.#pages.at(-1);
      if (last === undefined) return;
      this.#pages.pop();
      rows -= last.count;
      this.#resumeBefore = last.before;
      this.#shown = { ...this.#shown, isAtEnd: false };
    }
  }

  /** Makes room at the top where there is too much; says how many rows went. */
  rebase(): number {
    if (this.#shown.rowCount <= rowsMax) return 0;
    let removed = this.#head.length;
    this.#head = [];
    while (removed < rowsMax / 2) removed += this.#pages.shift()?.count ?? rowsMax;
    this.#change({ isRebased: true });
    return removed;
  }

  /** Where the next page begins, if that isn't below the oldest row. */
  #resumeBefore: number | undefined;

  #oldestId(): number | undefined {
    return this.#resumeBefore ?? this.#pages.at(-1)?.events?.at(-1)?.id;
  }

  #pageOf(index: number): { readonly page: Page; readonly start: number } | undefined {
    let start = this.#head.length;
    for (const page of this.#pages) {
      if (index < start + page.count) return index < start ? undefined : { page, start };
      start += page.count;
    }
    return undefined;
  }

  async #readAgain(page: Page): Promise<void> {
    const key = page.before;
    if (this.#reading.has(key)) return;
    this.#reading.add(key);
    try {
      page.events = (await this.#read(this.#query, page.before)).items.slice(0, page.count);
      this.#letGo();
      this.#change({});
    } catch (error) {
      this.#change({ error });
    } finally {
      this.#reading.delete(key);
    }
  }

  /** Lets go of the rows that are furthest from those that are looked at. */
  #letGo(): void {
    const held = this.#pages.filter(({ events }) => events !== undefined);
    if (held.length <= heldPagesMax) return;
    const distances = new Map<Page, number>();
    let start = this.#head.length;
    for (const page of this.#pages) {
      distances.set(page, Math.abs(start + page.count / 2 - this.#looked));
      start += page.count;
    }
    const byDistance = held.toSorted((a, b) => (distances.get(b) ?? 0) - (distances.get(a) ?? 0));
    for (const page of byDistance.slice(0, held.length - heldPagesMax)) page.events = undefined;
  }

  #change(changes: Partial<Shown>): void {
    const rowCount = this.#head.length + this.#pages.reduce((sum, { count }) => sum + count, 0);
    const newestId = this.#head[0]?.id ?? this.#pages[0]?.events?.[0]?.id ?? this.#shown.newestId;
    this.#shown = { ...this.#shown, ...changes, rowCount, newestId };
    for (const listener of this.#listeners) listener();
  }
}

/** A page's `older` says where to go on: `…?before=ID`. */
function olderThan(older: string | null): number | undefined {
  const before = older === null ? null : new URL(older, "http://localhost").searchParams.get("before");
  return before === null ? undefined : Number(before);
}

async function readPage(query: URLSearchParams, before: number | undefined): Promise<Answer<"GET /events">> {
  const paged = new URLSearchParams(query);
  paged.set("limit", String(pageSize));
  if (before !== undefined) paged.set("before", String(before));
  return queryClient.fetchQuery({
    queryKey: ["events", "page", paged.toString()],
    queryFn: ({ signal }) => request("GET /events", { query: paged, signal }),
    // The store holds the rows; a second copy would be what it lets go of.
    gcTime: 0,
    staleTime: 0,
    // The list says at once what is wrong, and offers to try again.
    retry: false,
  });
}
