import { backOffMs } from "../../back-off.ts";
import type { Actor } from "../../audit/actor.ts";
import { perform } from "../../audit/perform.ts";
import type { Database } from "../../database/database.ts";
import type { EventTable } from "../../database/tables.ts";
import { type EventMatcher, matcherOf, matchingEvents } from "../../events/filter/matching.ts";
import type { Rest, Timing, Turn } from "../../following/worker.ts";
import { pauseDestination } from "../destinations/destination-actions.ts";
import { isCurrent } from "../destinations/destination-queries.ts";
import { type Destination, parseSpan } from "../destinations/destination.ts";
import { BatchRefused, type Delivered, type Receiver, ReceiverGone, RetryLater } from "../transports/receiver.ts";
import type { DeadLetter } from "./dead-letters.ts";
import {
  isAboutDelivery,
  isAlertFor,
  recordReceipt,
  recordRecovery,
  recordRejection,
  recordStall,
} from "./delivery-actions.ts";
import { carryOutOrders } from "./orders.ts";
import {
  type DeliveryPosition,
  firstPosition,
  moveDeliveryPosition,
  paceWith,
  readDeliveryPosition,
} from "./position.ts";
import { nextEvents } from "./next-events.ts";

export interface DeliverySessionParts {
  readonly db: Database;
  readonly actor: Actor;
  readonly timing: Timing;
}

/** Events that are read at once: those that don't match cost one look each. */
const readMin = 1_000;
/** More for a receiver that is connected to for each batch, as many as memory bears. */
const readMax = 4_000;
/** How often an event is sent that the receiver refuses for good. */
const triesMax = 5;
const retryMs = 1_000;
const retryMsMax = 8_000;
/** How long a receiver may ask to be left alone, as all failures do. */
const leftAloneMsMax = 5 * 60_000;
const receiptMicros = 3_600_000_000;
const stallMicros = 600_000_000;

/** A filter, and the event behind which it holds. */
interface MatchedSpan {
  readonly after: number;
  readonly matcher: EventMatcher;
}

/** Sends the events of one destination, from where it is on, for as long as this server does it. */
export class DeliverySession implements AsyncDisposable {
  readonly #parts: DeliverySessionParts;
  readonly #destination: Destination;
  readonly #open: () => Promise<Receiver>;
  #receiver: Receiver | undefined;
  readonly #spans: readonly MatchedSpan[];
  #position: DeliveryPosition;
  /** Steady milliseconds: the receiver has asked to be left alone until then. */
  #leftAloneUntil = -Infinity;

  private constructor(
    parts: DeliverySessionParts,
    destination: Destination,
    open: () => Promise<Receiver>,
    position: DeliveryPosition,
  ) {
    this.#parts = parts;
    this.#destination = destination;
    this.#open = open;
    this.#position = position;
    this.#spans = destination.filters.map(({ after, ...span }) => ({ after, matcher: matcherOf(parseSpan(span)) }));
  }

  /** `open` makes what sends; it throws what is wrong with the destination's settings. */
  static async begin(
    parts: DeliverySessionParts,
    destination: Destination,
    open: () => Promise<Receiver>,
  ): Promise<DeliverySession> {
    const position = await readDeliveryPosition(parts.db, destination);
    return new DeliverySession(parts, destination, open, position ?? firstPosition(destination, parts.timing.now()));
  }

  get position(): DeliveryPosition {
    return this.#position;
  }

  /** `stale` where the destination was changed or deleted: nothing was sent by what it was before. */
  async step(turn: Turn): Promise<Rest | "stale"> {
    try {
      await this.#waitUntilWanted(turn);
      this.#receiver ??= await this.#open();
      await this.#carryOutOrders(turn);
      const rest = await this.#sendNext(turn, this.#receiver);
      if (rest !== "stale") await this.#tellHowFar(turn);
      return rest;
    } catch (error) {
      if (!turn.signal.aborted) await this.#noteFailure(error, turn);
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#receiver?.[Symbol.asyncDispose]();
  }

  async #sendNext(turn: Turn, { batchMax }: Receiver): Promise<Rest | "stale"> {
    const limit = Math.min(Math.max(batchMax, readMin), readMax);
    const { events, from } = await nextEvents(this.#parts.db, this.#destination, this.#position, limit);
    if (from !== undefined) this.#position = { ...this.#position, ...from };
    const last = events.at(-1);
    // Looked at behind the events: whatever is among them of a change is seen here too.
    if (!(await isCurrent(this.#parts.db, this.#destination))) return "stale";
    if (last === undefined) return "pause";
    let rest = await this.#matching(events);
    while (rest.length > 0) {
      const { taken, letters } = await this.#send(rest.slice(0, batchMax), turn.signal);
      const done = rest.slice(0, taken);
      rest = rest.slice(taken);
      // Behind the last one that matches, the others of this batch are done as well.
      await this.#move(turn, rest.length === 0 ? last : (done.at(-1) ?? last), done, letters);
    }
    if (this.#position.event_id !== last.id) await this.#move(turn, last, [], []);
    return events.length === limit ? "more" : "pause";
  }

  /** Those that the destination wants, by the filter that held when they were recorded, and alerts that are for it. */
  async #matching(events: readonly EventTable[]): Promise<readonly EventTable[]> {
    const { name, transport } = this.#destination;
    const addressed = new Set(events.filter((event) => isAlertFor(event, name)).map(({ id }) => id));
    // Mail is for alerts alone.
    if (transport === "email") return events.filter(({ id }) => addressed.has(id));
    const matched = new Set((await this.#matchingFilter(events)).map(({ id }) => id));
    return events.filter(({ id }) => matched.has(id) || addressed.has(id));
  }

  async #matchingFilter(events: readonly EventTable[]): Promise<readonly EventTable[]> {
    const wanted: EventTable[] = [];
    for (const [at, { after, matcher }] of this.#spans.entries()) {
      const end = this.#spans[at + 1]?.after ?? Infinity;
      const among = events.filter(({ id }) => id > after && id <= end);
      if (among.length > 0) wanted.push(...(await matchingEvents(this.#parts.db, matcher, among)));
    }
    return wanted;
  }

  /** Sends the first of these events. A batch that is refused is halved, down to the event that the receiver doesn't take. */
  async #send(
    events: readonly EventTable[],
    signal: AbortSignal,
  ): Promise<{ readonly taken: number; readonly letters: readonly DeadLetter[] }> {
    const [first] = events;
    try {
      const { taken, refused, unnamed } = await this.#deliver(events, signal);
      if (unnamed !== undefined) await this.#tellRejected(events.slice(0, taken), unnamed);
      const letters: DeadLetter[] = [];
      for (const { id, why } of refused) {
        const event = events.find((one) => one.id === id);
        if (event !== undefined) letters.push(...(await this.#insist(event, why, signal)));
      }
      return { taken, letters };
    } catch (error) {
      if (!(error instanceof BatchRefused) || first === undefined) throw error;
      if (events.length > 1) return this.#send(events.slice(0, Math.ceil(events.length / 2)), signal);
      return { taken: 1, letters: await this.#insist(first, error.message, signal) };
    }
  }

  /** Tries an event again that was refused. Gives a dead letter where it is refused to the end. */
  async #insist(event: EventTable, why: string, signal: AbortSignal): Promise<readonly DeadLetter[]> {
    const { timing } = this.#parts;
    let refusal: string | undefined = why;
    for (let tries = 1; tries < triesMax && refusal !== undefined; tries += 1) {
      await timing.sleep(backOffMs(tries, retryMs, retryMsMax, timing.random()), signal);
      signal.throwIfAborted();
      refusal = await this.sendOne(event, signal);
    }
    return refusal === undefined ? [] : [this.#letterOf(event, refusal, triesMax)];
  }

  /** Sends one event once. Why it was refused, undefined where it was taken. */
  async sendOne(event: EventTable, signal: AbortSignal): Promise<string | undefined> {
    try {
      const { refused, unnamed } = await this.#deliver([event], signal);
      return refused[0]?.why ?? unnamed?.why;
    } catch (error) {
      if (error instanceof BatchRefused) return error.message;
      throw error;
    }
  }

  #deliver(events: readonly EventTable[], signal: AbortSignal): Promise<Delivered> {
    if (this.#receiver === undefined) throw new Error("nothing is sent before the receiver is open");
    return this.#receiver.deliver(events, signal);
  }

  /** The receiver doesn't say which ones: they can't be sent again, and the log says which they are among. */
  async #tellRejected(events: readonly EventTable[], { count, why }: NonNullable<Delivered["unnamed"]>): Promise<void> {
    const { db, actor } = this.#parts;
    const [first = 0, last = 0] = [events[0]?.id, events.at(-1)?.id];
    await perform(db, actor, recordRejection, { destination: this.#destination, count, first, last, why });
  }

  #letterOf({ id }: EventTable, why: string, tries: number): DeadLetter {
    const { format } = this.#destination;
    return { event_id: id, why: why.slice(0, 500), tries, format, noted: this.#parts.timing.now() };
  }

  async #move(turn: Turn, to: EventTable, done: readonly EventTable[], letters: readonly DeadLetter[]): Promise<void> {
    const { delivered, delivered_at, since_receipt, ...position } = this.#position;
    const count = done.length - letters.length;
    const now = this.#parts.timing.now();
    const substantial = done.filter(({ action }) => !isAboutDelivery(action));
    await this.#note(
      turn,
      {
        ...position,
        event_id: to.id,
        leaf_hash: to.leaf_hash,
        delivered: delivered + count,
        ...paceWith(this.#position, count, now),
        delivered_at: count > 0 ? now : delivered_at,
        since_receipt: since_receipt + substantial.length,
        ...(count > 0 && { failing_since: null }),
      },
      letters,
    );
  }

  async #note(turn: Turn, position: DeliveryPosition, letters: readonly DeadLetter[] = []): Promise<void> {
    await moveDeliveryPosition(turn.keepBooks, this.#destination, position, letters);
    this.#position = position;
  }

  async #carryOutOrders(turn: Turn): Promise<void> {
    const { db, timing } = this.#parts;
    const done = await carryOutOrders(
      { db, now: timing.now, send: (event) => this.sendOne(event, turn.signal) },
      this.#destination,
      this.#position.orders_done,
      turn.keepBooks,
    );
    if (done !== this.#position.orders_done) await this.#note(turn, { ...this.#position, orders_done: done });
  }

  async #waitUntilWanted({ signal }: Turn): Promise<void> {
    const { timing } = this.#parts;
    const waitMs = Math.min(this.#leftAloneUntil - timing.steadyMs(), leftAloneMsMax);
    if (waitMs > 0) await timing.sleep(waitMs, signal);
    signal.throwIfAborted();
  }

  /** What the log says of a delivery that works: that it does again, or once an hour how far it is. */
  async #tellHowFar(turn: Turn): Promise<void> {
    const { db, actor, timing } = this.#parts;
    const { failing_since, stalled_at, since_receipt, receipt_at, event_id, leaf_hash } = this.#position;
    const now = timing.now();
    const isDue = stalled_at !== null || (since_receipt > 0 && now - receipt_at >= receiptMicros);
    if (!isDue && failing_since === null) return;
    if (isDue) await perform(db, actor, stalled_at === null ? recordReceipt : recordRecovery, this.#state());
    const told = { receipt_id: event_id, receipt_hash: leaf_hash, receipt_at: now, since_receipt: 0 };
    await this.#note(turn, {
      ...this.#position,
      ...(isDue && told),
      failing_since: null,
      last_error: null,
      stalled_at: null,
    });
  }

  #state() {
    const { event_id: event, leaf_hash, since_receipt: delivered } = this.#position;
    const leafHash = leaf_hash.length === 0 ? null : leaf_hash;
    return { destination: this.#destination, event, leafHash, delivered };
  }

  /** Remembers why it doesn't go on. Where that lasts, the log says it, once. */
  async #noteFailure(error: unknown, turn: Turn): Promise<void> {
    const { db, actor, timing } = this.#parts;
    const now = timing.now();
    const why = error instanceof Error && error.message !== "" ? error.message : String(error);
    if (error instanceof ReceiverGone) {
      await perform(db, actor, pauseDestination, { name: this.#destination.name, why: "gone", now });
    }
    if (error instanceof RetryLater && error.afterMs !== undefined) {
      this.#leftAloneUntil = timing.steadyMs() + error.afterMs;
    }
    const { failing_since: since, stalled_at: stalledAt } = this.#position;
    const isStalled = stalledAt === null && since !== null && now - since >= stallMicros;
    if (isStalled) await perform(db, actor, recordStall, { ...this.#state(), why: why.slice(0, 500) });
    await this.#note(turn, {
      ...this.#position,
      failing_since: since ?? now,
      last_error: why.slice(0, 500),
      stalled_at: isStalled ? now : stalledAt,
    });
  }
}
