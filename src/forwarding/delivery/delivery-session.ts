import type { Actor } from "../../audit/actor.ts";
import { afterActions, perform } from "../../audit/perform.ts";
import type { Database } from "../../database/database.ts";
import type { PlainEvent } from "../../database/event-columns.ts";
import { type EventMatcher, matcherOf, matchingEvents } from "../../events/filter/matching.ts";
import type { Rest, Timing, Turn } from "../../following/worker.ts";
import { pauseDestination } from "../destinations/destination-actions.ts";
import { isCurrent } from "../destinations/destination-queries.ts";
import { type Destination, parseSpan } from "../destinations/destination.ts";
import { type Receiver, ReceiverGone, RetryLater } from "../transports/receiver.ts";
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
  type SettledLetters,
  paceWith,
  readDeliveryPosition,
} from "./position.ts";
import { nextEvents } from "./next-events.ts";
import { type RefusedToTheEnd, Sender, type SentEvents, triesMax } from "./sender.ts";

export interface DeliverySessionParts {
  readonly db: Database;
  readonly actor: Actor;
  readonly timing: Timing;
}

/** Events that are read at once: those that don't match cost one look each. */
const readMin = 1_000;
const readMax = 8_000; // For a receiver that is connected to for each batch: as many as memory bears.
const leftAloneMsMax = 5 * 60_000; // How long a receiver may ask to be left alone, as all failures do.
/** How long a batch gives way to what records, and while its events are not older than what. */
const givesWayMs = 500;
const givesWayMicros = 5_000_000;
const receiptMicros = 3_600_000_000;
const stallMicros = 600_000_000;
const whyMax = 500;
const nothingSent: SentEvents = { taken: 0, refused: [], unnamed: undefined, note: undefined };

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
  /** Whether the last thing that the receiver said of an event was no. */
  #isRefusing = false;

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
    const found = await readDeliveryPosition(parts.db, destination);
    const position = found ?? firstPosition(destination, parts.timing.now());
    // What failed before it was paused or changed is another matter.
    const isAnew = (position.failing_since ?? Infinity) < destination.updated;
    return new DeliverySession(parts, destination, open, isAnew ? { ...position, failing_since: null } : position);
  }

  get position(): DeliveryPosition {
    return this.#position;
  }

  /** `stale` where the destination was changed or deleted: nothing was sent by what it was before. */
  async step(turn: Turn): Promise<Rest | "stale"> {
    try {
      await this.#waitUntilWanted(turn);
      this.#receiver ??= await this.#open();
      const sender = new Sender(this.#receiver, {
        timing: this.#parts.timing,
        onRefusal: (why) => this.#noteTrouble(turn, why),
      });
      await this.#carryOutOrders(turn, sender);
      const rest = await this.#sendNext(turn, this.#receiver, sender);
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

  async #sendNext(turn: Turn, { batchMax }: Receiver, sender: Sender): Promise<Rest | "stale"> {
    const limit = Math.min(Math.max(batchMax, readMin), readMax);
    const { events, from } = await nextEvents(this.#parts.db, this.#destination, this.#position, limit);
    if (from !== undefined) this.#position = { ...this.#position, ...from };
    const last = events.at(-1);
    // Looked at behind the events: whatever is among them of a change is seen here too.
    if (!(await isCurrent(this.#parts.db, this.#destination))) return "stale";
    if (last === undefined) return "pause";
    let rest = await this.#matching(events);
    while (rest.length > 0) {
      await this.#giveWay(rest);
      const sent = await sender.send(rest.slice(0, batchMax), turn.signal);
      const done = rest.slice(0, sent.taken);
      rest = rest.slice(sent.taken);
      await this.#tellRefused(done, sent);
      // Behind the last one that matches, the others of this batch are done as well.
      await this.#move(turn, rest.length === 0 ? last : (done.at(-1) ?? last), done, sent);
    }
    if (this.#position.event_id !== last.id) await this.#move(turn, last, [], nothingSent);
    return events.length === limit ? "more" : "pause";
  }

  /** What records in a burst is more urgent, and is done in the same thread. */
  async #giveWay([first]: readonly PlainEvent[]): Promise<void> {
    const since = this.#parts.timing.now() - givesWayMicros;
    if (first !== undefined && first.created > since) await afterActions(this.#parts.db, givesWayMs);
  }

  /** Those that the destination wants, by the filter that held when they were recorded, and alerts that are for it. */
  async #matching(events: readonly PlainEvent[]): Promise<readonly PlainEvent[]> {
    const { name, transport } = this.#destination;
    const addressed = new Set(events.filter((event) => isAlertFor(event, name)).map(({ id }) => id));
    // Mail is for alerts alone.
    if (transport === "email") return events.filter(({ id }) => addressed.has(id));
    const matched = new Set((await this.#matchingFilter(events)).map(({ id }) => id));
    return events.filter(({ id }) => matched.has(id) || addressed.has(id));
  }

  async #matchingFilter(events: readonly PlainEvent[]): Promise<readonly PlainEvent[]> {
    const wanted: PlainEvent[] = [];
    for (const [at, { after, matcher }] of this.#spans.entries()) {
      const end = this.#spans[at + 1]?.after ?? Infinity;
      const among = events.filter(({ id }) => id > after && id <= end);
      if (among.length > 0) wanted.push(...(await matchingEvents(this.#parts.db, matcher, among)));
    }
    return wanted;
  }

  /** What was refused for good, for the log, which else would hold no trace of it; not of what is told of deliveries. */
  async #tellRefused(done: readonly PlainEvent[], { refused, unnamed }: SentEvents): Promise<void> {
    const { db, actor } = this.#parts;
    const destination = this.#destination;
    const named = refused.filter(({ event }) => !isAboutDelivery(event.action));
    const [first] = named;
    if (first !== undefined) {
      const ids = named.map(({ event }) => event.id);
      const range = { count: ids.length, first: ids[0] ?? 0, last: ids.at(-1) ?? 0 };
      await perform(db, actor, recordRejection, { destination, ...range, why: first.why });
    }
    if (unnamed !== undefined && done.some(({ action }) => !isAboutDelivery(action))) {
      const range = { count: unnamed.count, first: done[0]?.id ?? 0, last: done.at(-1)?.id ?? 0 };
      await perform(db, actor, recordRejection, { destination, ...range, why: unnamed.why });
    }
  }

  async #move(
    turn: Turn,
    to: PlainEvent,
    done: readonly PlainEvent[],
    { refused, unnamed, note }: SentEvents,
  ): Promise<void> {
    const { delivered, delivered_at, since_receipt, ...position } = this.#position;
    const now = this.#parts.timing.now();
    const refusedIds = new Set(refused.map(({ event }) => event.id));
    const taken = done.filter(({ id }) => !refusedIds.has(id));
    const count = taken.length - (unnamed?.count ?? 0);
    if (count > 0) this.#isRefusing = false;
    const substantial = taken.filter(({ action }) => !isAboutDelivery(action)).length - (unnamed?.count ?? 0);
    await this.#note(
      turn,
      {
        ...position,
        event_id: to.id,
        leaf_hash: to.leaf_hash,
        delivered: delivered + count,
        ...paceWith(this.#position, count, now),
        delivered_at: count > 0 ? now : delivered_at,
        since_receipt: since_receipt + Math.max(0, substantial),
        ...(count > 0 && { failing_since: null, last_error: note?.slice(0, whyMax) ?? null }),
      },
      { refused: refused.map((one) => this.#letterOf(one)), taken: taken.map(({ id }) => id) },
    );
  }

  #letterOf({ event, why }: RefusedToTheEnd): DeadLetter {
    const { format } = this.#destination;
    return { event_id: event.id, why: why.slice(0, whyMax), tries: triesMax, format, noted: this.#parts.timing.now() };
  }

  async #note(turn: Turn, position: DeliveryPosition, letters?: SettledLetters): Promise<void> {
    await moveDeliveryPosition(turn.keepBooks, this.#destination, position, letters);
    this.#position = position;
  }

  async #carryOutOrders(turn: Turn, sender: Sender): Promise<void> {
    const { db, timing } = this.#parts;
    const done = await carryOutOrders(
      { db, now: timing.now, send: (event) => sender.sendOne(event, turn.signal) },
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
    const { failing_since, last_error, stalled_at, since_receipt, receipt_at, event_id, leaf_hash } = this.#position;
    const now = timing.now();
    // It goes on, and takes nothing: that is no recovery.
    if (failing_since !== null && this.#isRefusing) return;
    const isDue = stalled_at !== null || (since_receipt > 0 && now - receipt_at >= receiptMicros);
    if (!isDue && failing_since === null) return;
    if (isDue) await perform(db, actor, stalled_at === null ? recordReceipt : recordRecovery, this.#state());
    const told = { receipt_id: event_id, receipt_hash: leaf_hash, receipt_at: now, since_receipt: 0 };
    await this.#note(turn, {
      ...this.#position,
      ...(isDue && told),
      failing_since: null,
      last_error: failing_since === null ? last_error : null,
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
    await this.#noteTrouble(turn, why);
  }

  /** Notes why events don't get there. Where none has for ten minutes, the log says it, once. */
  async #noteTrouble(turn: Turn, why: string): Promise<void> {
    const { db, actor, timing } = this.#parts;
    const now = timing.now();
    const last_error = why.slice(0, whyMax);
    const { failing_since: since, stalled_at: stalledAt } = this.#position;
    this.#isRefusing = true;
    const isStalled = stalledAt === null && since !== null && now - since >= stallMicros;
    if (isStalled) await perform(db, actor, recordStall, { ...this.#state(), why: last_error });
    await this.#note(turn, {
      ...this.#position,
      failing_since: since ?? now,
      last_error,
      stalled_at: isStalled ? now : stalledAt,
    });
  }
}
