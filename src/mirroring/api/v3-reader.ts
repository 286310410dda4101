import { parseTime } from "../../time.ts";
import type { MaasEvent } from "../recording/mirrored-event.ts";
import type { OpenSource } from "../sources/source-queries.ts";
import {
  type EventReader,
  levelOf,
  type NewestShown,
  objectsIn,
  shownId,
  type ShownPage,
  shownName,
  textOf,
  untold,
} from "./event-reader.ts";
import { choosePage } from "./page-choice.ts";
import { V3Session } from "./v3-session.ts";

/** What is new mostly fits into so many. */
const firstPageSize = 100;
/** Each miss halves what is left, unless the pages shift faster than they are read. */
const missesMax = 60;

/** A page of the list, which begins with the newest event. */
interface ListPage {
  /** How many events are newer than its first one. */
  readonly offset: number;
  /** Newest first. */
  readonly rows: readonly MaasEvent[];
  /** How many events there are. */
  readonly total: number;
}

/**
 * Reads events over API v3, whose pages count from the newest event and shift with each new one.
 *
 * One page is one answer, in which nothing shifts. So each page is asked for such that an event that was read before is on it as
 * well: what lies above that one on the page follows on it without a hole.
 */
export class V3Reader implements EventReader {
  readonly precision = 1;
  readonly #session: V3Session;
  /** How many events were newer than the last one that was given. */
  #newer: { readonly than: number; readonly count: number } | undefined;

  private constructor(session: V3Session) {
    this.#session = session;
  }

  /** Throws where that MAAS can't be read. */
  static async open(source: OpenSource): Promise<V3Reader> {
    return new V3Reader(await V3Session.begin(source));
  }

  async readAfter(id: number, signal: AbortSignal): Promise<ShownPage> {
    let page = this.#newer?.than === id ? undefined : await this.#page(1, firstPageSize);
    // Of those that are newer than `id` at least so many; and how many at most.
    let [low, high] = [0, page?.total ?? Infinity];
    for (let misses = 0; misses < missesMax; misses += 1) {
      signal.throwIfAborted();
      page ??= await this.#pageAround(this.#newer?.count ?? 0);
      const { offset, rows, total } = page;
      const end = offset + rows.length;
      const newest = rows[0]?.id ?? 0;
      const oldest = rows.at(-1)?.id ?? 0;
      if (newest <= id) {
        // Nothing on this page is new, and nothing stands before the first one.
        if (offset === 0) return this.#found(id, { rows: [], offset });
        high = offset;
      } else if (oldest <= id || end >= total) {
        return this.#found(id, { rows: rows.filter((row) => row.id > id).toReversed(), offset });
      } else {
        low = end;
        high = Math.max(high, total);
      }
      // It shifted while it was searched.
      if (low >= high) [low, high] = [0, total];
      // From the beginning all are newer.
      page = await this.#pageAround(id === 0 ? total : Math.floor((low + Math.min(high, total)) / 2));
    }
    throw new Error("the pages of that MAAS's API v3 shift faster than they are read");
  }

  async newest(): Promise<NewestShown | undefined> {
    return (await this.#page(1, 1)).rows[0];
  }

  async wouldShow(): Promise<boolean> {
    return true;
  }

  /** How many events there are, and the newest one. */
  async summary(): Promise<{ readonly total: number; readonly newest: NewestShown | undefined }> {
    const { total, rows } = await this.#page(1, 1);
    return { total, newest: rows[0] };
  }

  #found(id: number, { rows, offset }: Pick<ListPage, "rows" | "offset">): ShownPage {
    const last = rows.at(-1)?.id ?? id;
    const isLast = offset === 0;
    this.#newer = isLast ? undefined : { than: last, count: offset };
    return { rows, isLast };
  }

  /** The page on which the event is that has so many newer ones, and many of those. */
  #pageAround(newer: number): Promise<ListPage> {
    const { page, size } = choosePage(newer);
    return this.#page(page, size);
  }

  async #page(page: number, size: number): Promise<ListPage> {
    const { status, body } = await this.#session.ask(`events?page=${page}&size=${size}`);
    if (status !== 200) throw new Error(`that MAAS answers ${status} where its events should be`);
    const { items, total } = (body ?? {}) as { readonly items?: unknown; readonly total?: unknown };
    if (typeof total !== "number") throw new Error("that MAAS doesn't say how many events it has");
    const rows = objectsIn(items).map(rowOf);
    if (rows.some(({ id }, at) => id >= (rows[at - 1]?.id ?? Infinity))) {
      throw new Error("that MAAS shows its events in another order than newest first");
    }
    return { offset: (page - 1) * size, rows, total };
  }
}

function rowOf(event: Readonly<Record<string, unknown>>): MaasEvent {
  const type = objectsIn([event["type"]])[0] ?? {};
  const { user_id: userId, ip_address: ip, node_system_id: systemId } = event;
  return {
    ...untold,
    id: shownId(event),
    created: parseTime(textOf(event, "created"), "created"),
    type: textOf(type, "name"),
    typeWords: textOf(type, "description"),
    level: levelOf(type["level"]),
    action: textOf(event, "action"),
    description: textOf(event, "description"),
    systemId: typeof systemId === "string" ? systemId : null,
    hostname: shownName(event["node_hostname"]),
    username: shownName(event["owner"]),
    userId: typeof userId === "number" && Number.isSafeInteger(userId) ? userId : null,
    ip: typeof ip === "string" ? ip : null,
    userAgent: textOf(event, "user_agent"),
  };
}
