import type { PlainEvent } from "../../database/event-columns.ts";

/** What takes events outside of this Ironlog, and says when it has them. */
export interface Receiver extends AsyncDisposable {
  /** The most events that `deliver` is given at once. */
  readonly batchMax: number;
  /**
   * Sends the first of these events, in their order, and returns when the receiver has acknowledged them. There is at least
   * one event, and one call at a time.
   *
   * Throws `BatchRefused` and `ReceiverGone`; everything else that it throws is worth trying again, `RetryLater` after a
   * while that the receiver names. What was thrown for may have arrived nevertheless: it is sent again.
   */
  deliver(events: readonly PlainEvent[], signal: AbortSignal): Promise<Delivered>;
}

/** What became of events that were sent. */
export interface Delivered {
  /** How many of the given events were dealt with, from the first on: at least 1. */
  readonly taken: number;
  /** Of these, those that the receiver refused for good. */
  readonly refused: readonly RefusedEvent[];
  /** Where the receiver refused some of them for good and doesn't say which. */
  readonly unnamed?: { readonly count: number; readonly why: string };
  /** What people must know though the events arrived, such as an address that was left out. */
  readonly note?: string;
}

/** An event that a receiver will never take. */
export interface RefusedEvent {
  readonly id: number;
  readonly why: string;
}

/** The receiver refuses these events for good, as a whole. Some of them may be fine: send fewer. */
export class BatchRefused extends Error {}

/** The receiver wants no events any more. */
export class ReceiverGone extends Error {}

/** The receiver can't take anything now. */
export class RetryLater extends Error {
  /** How long it wants to be left alone; undefined where it doesn't say. */
  readonly afterMs: number | undefined;

  constructor(message: string, afterMs: number | undefined) {
    super(message);
    this.afterMs = afterMs;
  }
}
