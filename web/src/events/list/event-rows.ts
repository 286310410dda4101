import type { Event } from "../event/event.ts";
import { type Order, pageSize } from "./event-reader.ts";

/** Pages whose rows are held: scrolling stays smooth while few objects are in memory. */
const heldPagesMax = 50;

export interface HeldPage {
  /**
   * It holds events behind this id, older ones unless the oldest come first: also the first page, or another reading would begin
   * elsewhere.
   */
  readonly from: number;
  readonly count: number;
  /** Undefined where they were let go; the page is read again when it is looked at. */
  events: readonly Event[] | undefined;
}

/** The rows of a list, newest first unless all are added below, of which only those near what is looked at are in memory. */
export class EventRows {
  #head: Event[] = [];
  #pages: HeldPage[] = [];

  get count(): number {
    return this.#head.length + this.#pages.reduce((sum, { count }) => sum + count, 0);
  }

  /** All rows are behind this id: older or, oldest first, newer; undefined while there are none. */
  get below(): number | undefined {
    return this.#pages[0]?.from;
  }

  get newestId(): number | undefined {
    return this.#head[0]?.id ?? this.#pages[0]?.events?.[0]?.id;
  }

  get lastId(): number | undefined {
    return this.#pages.at(-1)?.events?.at(-1)?.id;
  }

  /** The event in a row; undefined while it is being read. */
  at(index: number): Event | undefined {
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

  /** The pages among these rows whose events were let go. */
  missing(start: number, end: number): readonly HeldPage[] {
    const pages = new Set<HeldPage>();
    for (let row = start; row < Math.min(end, this.count); row += 1) {
      const page = row < this.#head.length ? undefined : this.#pageOf(row)?.page;
      if (page !== undefined && page.events === undefined) pages.add(page);
    }
    return [...pages];
  }

  addBelow(events: readonly Event[], from = (events[0]?.id ?? 0) + 1): void {
    if (events.length > 0) this.#pages.push({ from, count: events.length, events });
  }

  /** Above all others, which are pages alone. */
  addAbove(events: readonly Event[], order: Order): void {
    const [first] = events;
    if (first === undefined) return;
    this.#pages.unshift({ from: first.id + (order === "newest" ? 1 : -1), count: events.length, events });
  }

  /** What has come live, newest first. */
  prepend(events: readonly Event[]): void {
    this.#head = [...events, ...this.#head];
    while (this.#head.length >= 2 * pageSize) this.addAbove(this.#head.splice(-pageSize), "newest");
  }

  /** Takes away the last pages until so many rows are left; says behind which id they began, if there were any. */
  dropLast(rowsMax: number): number | undefined {
    let from: number | undefined;
    for (let rows = this.count; rows > rowsMax;) {
      const last = this.#pages.pop();
      if (last === undefined) return from;
      rows -= last.count;
      ({ from } = last);
    }
    return from;
  }

  /** Takes away at least so many of the first rows; says how many. */
  dropFirst(rows: number): number {
    let removed = this.#head.length;
    this.#head = [];
    while (removed < rows) removed += this.#pages.shift()?.count ?? rows;
    return removed;
  }

  /** Lets go of the rows that are furthest from the one that is looked at. */
  letGo(looked: number): void {
    const held = this.#pages.filter(({ events }) => events !== undefined);
    if (held.length <= heldPagesMax) return;
    const distances = new Map<HeldPage, number>();
    let start = this.#head.length;
    for (const page of this.#pages) {
      distances.set(page, Math.abs(start + page.count / 2 - looked));
      start += page.count;
    }
    const byDistance = held.toSorted((a, b) => (distances.get(b) ?? 0) - (distances.get(a) ?? 0));
    for (const page of byDistance.slice(0, held.length - heldPagesMax)) page.events = undefined;
  }

  #pageOf(index: number): { readonly page: HeldPage; readonly start: number } | undefined {
    let start = this.#head.length;
    for (const page of this.#pages) {
      if (index < start + page.count) return index < start ? undefined : { page, start };
      start += page.count;
    }
    return undefined;
  }
}
