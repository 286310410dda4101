import { createHash } from "node:crypto";
import type { PlainEvent } from "../../../database/event-columns.ts";
import type { Receiver } from "../receiver.ts";
import { renderFitting } from "./fitting.ts";
import { HttpClient, type HttpReceiverOptions } from "./http-client.ts";
import { isTaken, statusFailure } from "./http-status.ts";
import { webhookHeaders, webhookKey } from "./webhook-signature.ts";

export interface WebhookOptions extends HttpReceiverOptions {
  /** The log's name, which makes ids of messages its own. */
  readonly origin: string;
  /** `whsec_…` and `whsk_…`; several while one is replaced, none where nothing is signed. */
  readonly keys: readonly string[];
  /** The most events of a message; 1 where the format has no lists. */
  readonly eventsMax?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** A body of a request. */
export interface WebhookBody {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

const defaultEventsMax = 100;
const bytesMax = 256 * 1024;

/** Standard Webhooks 1.0. Acknowledged by any 2xx; 410 ends it. */
export function webhookReceiver(
  options: WebhookOptions,
  body: (events: readonly PlainEvent[]) => WebhookBody,
): Receiver {
  const client = new HttpClient(options);
  const keys = options.keys.map(webhookKey);
  const { now = Date.now, eventsMax = defaultEventsMax } = options;
  /** What may have arrived though it wasn't acknowledged: it is sent again as the same message, whatever was recorded since. */
  let attempted: { readonly first: number; readonly count: number } | undefined;
  return {
    batchMax: eventsMax,
    async deliver(events, signal) {
      const [first] = events;
      const again = attempted !== undefined && attempted.first === first?.id ? attempted.count : eventsMax;
      const { count, rendered } = renderFitting(events.slice(0, Math.min(again, eventsMax)), bytesMax, body);
      const [firstId = 0, lastId = 0] = [first?.id, events[count - 1]?.id];
      attempted = { first: firstId, count };
      const headers = webhookHeaders(
        keys,
        messageId(options.origin, firstId, lastId),
        Math.floor(now() / 1_000),
        rendered.bytes,
      );
      const answer = await client.post(
        "",
        { "content-type": rendered.contentType, ...headers },
        rendered.bytes,
        signal,
      );
      if (!isTaken(answer)) throw statusFailure(answer, "", now());
      attempted = undefined;
      return { taken: count, refused: [] };
    },
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]();
    },
  };
}

/** The same for the same events of the same log, so that receivers can tell a repeat. */
function messageId(origin: string, first: number, last: number): string {
  return `msg_${createHash("sha256").update(`${origin}\n${first}\n${last}`).digest("base64url").slice(0, 27)}`;
}
