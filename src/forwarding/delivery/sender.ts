import { backOffMs } from "../../back-off.ts";
import type { PlainEvent } from "../../database/event-columns.ts";
import type { Timing } from "../../following/worker.ts";
import { BatchRefused, type Delivered, type Receiver } from "../transports/receiver.ts";

/** An event that the receiver refuses for good, after all tries. */
export interface RefusedToTheEnd {
  readonly event: PlainEvent;
  readonly why: string;
}

/** What became of the first of the events that were sent. */
export interface SentEvents {
  readonly taken: number;
  readonly refused: readonly RefusedToTheEnd[];
  /** Where the receiver refused some of them for good and doesn't say which. */
  readonly unnamed: Delivered["unnamed"];
  /** What an administrator should know, though the events count as delivered. */
  readonly note: string | undefined;
}

export interface SenderParts {
  readonly timing: Timing;
  /** Is told of a refusal before it is tried again. */
  onRefusal(why: string): Promise<void>;
}

/** How often an event is sent that the receiver refuses for good. */
export const triesMax = 5;
const retryMs = 1_000;
const retryMsMax = 8_000;

/** Sends events to a receiver, and finds those that it doesn't take. */
export class Sender {
  readonly #receiver: Receiver;
  readonly #parts: SenderParts;

  constructor(receiver: Receiver, parts: SenderParts) {
    this.#receiver = receiver;
    this.#parts = parts;
  }

  /** Sends the first of these events. A batch that is refused is halved, down to the event that the receiver doesn't take. */
  async send(events: readonly PlainEvent[], signal: AbortSignal): Promise<SentEvents> {
    const [first] = events;
    try {
      const { taken, refused, unnamed, note } = await this.#receiver.deliver(events, signal);
      const named = refused.flatMap(({ id, why }) => {
        const event = events.find((one) => one.id === id);
        return event === undefined ? [] : [{ event, why }];
      });
      return { taken, refused: await this.#insist(named, signal), unnamed, note };
    } catch (error) {
      if (!(error instanceof BatchRefused) || first === undefined) throw error;
      if (events.length > 1) return this.send(events.slice(0, Math.ceil(events.length / 2)), signal);
      const refused = await this.#insist([{ event: first, why: error.message }], signal);
      return { taken: 1, refused, unnamed: undefined, note: undefined };
    }
  }

  /** Sends one event once. Why it was refused, undefined where it was taken. */
  async sendOne(event: PlainEvent, signal: AbortSignal): Promise<string | undefined> {
    const [refused] = await this.#again([{ event, why: "" }], signal);
    return refused?.why;
  }

  /** Tries events again that were refused, all of them after each pause. Gives those that are refused to the end. */
  async #insist(refused: readonly RefusedToTheEnd[], signal: AbortSignal): Promise<readonly RefusedToTheEnd[]> {
    const { timing, onRefusal } = this.#parts;
    let left = refused;
    for (let tries = 1; tries < triesMax; tries += 1) {
      const [first] = left;
      if (first === undefined) return [];
      await onRefusal(first.why);
      await timing.sleep(backOffMs(tries, retryMs, retryMsMax, timing.random()), signal);
      signal.throwIfAborted();
      left = await this.#again(left, signal);
    }
    return left;
  }

  /** Sends them once more; gives those that are refused again. */
  async #again(refused: readonly RefusedToTheEnd[], signal: AbortSignal): Promise<readonly RefusedToTheEnd[]> {
    const still: RefusedToTheEnd[] = [];
    for (const { event } of refused) {
      try {
        const answer = await this.#receiver.deliver([event], signal);
        const why = answer.refused[0]?.why ?? answer.unnamed?.why;
        if (why !== undefined) still.push({ event, why });
      } catch (error) {
        if (!(error instanceof BatchRefused)) throw error;
        still.push({ event, why: error.message });
      }
    }
    return still;
  }
}
